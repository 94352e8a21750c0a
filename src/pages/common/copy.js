// Copies text, and reports to the person whether that worked.

/** Shows `done` in the button for two seconds, also to screen readers. */
export async function copyFrom(button, text) {
  const before = (button.dataset.label ??= button.textContent);
  const isCopied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => copyBySelection(text),
  );
  button.textContent = isCopied ? 'Copied' : 'Copying failed';
  setTimeout(() => (button.textContent = before), 2000);
}

/** Without TLS, a browser offers no clipboard to a page of another host. */
function copyBySelection(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'hidden';
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  return isCopied;
}

/** A value as one word of a POSIX shell. */
export const shellWord = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
