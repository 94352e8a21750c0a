// The house rules of the prose linter: words that engineers of the field do not write, and what to write in their place.
// Each was found in a text of this project that a reader stumbled over.

export interface Rule {
  readonly pattern: RegExp;
  readonly instead: string;
}

const rule = (words: string, instead: string): Rule => ({
  pattern: new RegExp(`\\b(?:${words})\\b`, 'gi'),
  instead,
});

export const rules: readonly Rule[] = [
  rule('shall', 'must, will, or the plain present'),
  rule('(?:can|could|may) (?:not )?be had|is to be had', 'is available, can be read'),
  rule('(?:is|are|was|were) told', 'receives, is reported'),
  rule('for ever', 'permanently, indefinitely'),
  rule('lives (?:in|on|at|here|beside)|lived (?:in|on|at)', 'is in, runs on'),
  rule('go(?:es|ing)? on (?:with|as|from)|gone on with', 'continues'),
  rule('says? no|said no', 'refuses'),
  rule('in good order', 'gracefully'),
  rule('whoever|whosoever', 'name the person or the process'),
  rule('anew', 'again'),
  rule('amiss', 'wrong'),
  rule('vouch(?:es|ed)?', 'verify'),
  rule('stubborn(?:ly)?', 'with retries'),
  rule('woven|weaves?', 'merged'),
  rule('hung up', 'closed'),
  rule('unasked', 'unexpectedly, without a request'),
  // Not `there is no …`, which is plain.
  {
    pattern: /(?<!\b(?:there|where) )\b(?:is|are) no (?!more\b|longer\b|such\b|other\b)\w+/gi,
    instead: 'is not a …, has no …',
  },
  rule('nought', 'zero'),
  rule('betwixt|amongst|whilst|hitherto|thereof|therein|wherein|thereby|henceforth', 'the modern word'),
  rule('kept[- ]actors?', 'supervised process'),
  rule('the (?:house|roof|ground floor)', 'the project, the directory'),
  rule('so seldom|seldom', 'rarely'),
  rule('fares?|faring', 'does, is doing'),
  rule('of its own accord', 'by itself'),
];
