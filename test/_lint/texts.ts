// The prose of a file: Markdown without its code, and of a module its comments and the texts of its messages.

import jsTokens from 'js-tokens';

export interface Prose {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** One entry per line of prose. */
export function proseOf(path: string, content: string): Prose[] {
  return path.endsWith('.md') ? markdownProse(content) : moduleProse(content);
}

/** Fenced code, inline code, links' targets and HTML comments are blanked: they hold names and not prose. */
function markdownProse(content: string): Prose[] {
  let isCode = false;
  const prose: Prose[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    else if (!isCode) prose.push({ line: index + 1, text: withoutCode(line) });
  }
  return prose;
}

const withoutCode = (line: string): string =>
  line
    .replaceAll(/`[^`]*`/g, '`…`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/<!--.*?-->/g, '')
    .replaceAll(/https?:\S+/g, '')
    // Columns of a table in a comment.
    .replaceAll(/(\S) {2,}/g, '$1 | ');

const textTokens = new Set([
  'StringLiteral',
  'NoSubstitutionTemplate',
  'TemplateHead',
  'TemplateMiddle',
  'TemplateTail',
]);

/** A text of two words or more is a message; one without a blank is a name. */
const isMessage = (text: string): boolean => /[a-z]{2,} +[a-z]{2,}/i.test(text);

function moduleProse(content: string): Prose[] {
  const prose: Prose[] = [];
  let line = 1;
  for (const { type, value } of jsTokens(content)) {
    const isComment = type === 'SingleLineComment' || type === 'MultiLineComment';
    if (isComment || (textTokens.has(type) && isMessage(value))) {
      for (const [index, text] of value.split('\n').entries())
        prose.push({ line: line + index, text: withoutCode(text) });
    }
    line += value.split('\n').length - 1;
  }
  return prose;
}
