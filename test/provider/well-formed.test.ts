// The checker compared with a table of XML and with fast-xml-parser: accepted text must mean the same to both.

import test from 'ava';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { checkElement } from '#/provider/xml/well-formed.ts';
import { base, plan, record } from '../_support/feeds.ts';
import { seededFor, type Random } from '../_support/random.ts';

const good = [
  '<a/>',
  '<a />',
  '<a></a>',
  '<a></a >',
  '<a></a\n>',
  '<a b="c"/>',
  "<a b='c'/>",
  `<a b="it's" c='"'/>`,
  '<a b="c>d"/>',
  '<a b = "c"\n\td="e"\r\n/>',
  '<a b=""/>',
  '<a b="&lt;&gt;&amp;&quot;&apos;"/>',
  '<a b="&#233;&#xe9;&#xE9;&#x1F3AD;&#9;&#10;&#13;"/>',
  '<a>text</a>',
  '<a>&amp;&#8364;</a>',
  '<a>></a>',
  '<a><b/><b/></a>',
  '<a><b><c/></b></a>',
  '<a><!-- <b> & "quotes\' --></a>',
  '<a><!----></a>',
  '<a><!-->--></a>',
  '<a><!-- - --></a>',
  '<a><![CDATA[<b>&]]></a>',
  '<a><![CDATA[]]]]></a>',
  '<a><![CDATA[]]></a>',
  '<a><?php echo <b> ?></a>',
  '<a><?php "?><b/><?php "?></a>',
  '<a b="&#0000065;&#x00000041;"/>',
  '<a:b c:d="e"/>',
  '<_a _b="c"/>',
  '<a-b.c_d1 e-f.g="1"/>',
  '<ñandú año="x"/>',
  '<日本 a·b="x"/>',
  '<𐀀 𝒳=""/>',
  '<a><?_x?></a>',
  '<a><?xml-stylesheet href="a"?></a>',
  '<a b="🎭">🎭</a>',
  '<a b="\t\n\r"/>',
  `${'<a>'.repeat(16)}${'</a>'.repeat(16)}`,
  `<a ${Array.from({ length: 100 }, (_, i) => `b${i}=""`).join(' ')}/>`,
];

/** The text, and the position of its fault: the end of the valid part, or slightly after it. */
const bad: [text: string, at: number][] = [
  ['', 0],
  [' ', 0],
  ['text', 0],
  [' <a/>', 0],
  ['<a/> ', 4],
  ['<a/><b/>', 4],
  ['<a/>text', 4],
  ['<a></a></a>', 7],
  ['<a>', 3],
  ['<a><b></a>', 9],
  ['<a></b>', 6],
  ['<a></A>', 6],
  ['<a></a', 6],
  ['<a></ a>', 5],
  ['<a></a b="c">', 7],
  ['</a>', 3],
  ['<a', 2],
  ['<', 1],
  ['<>', 1],
  ['< a/>', 1],
  ['<1a/>', 1],
  ['<-a/>', 1],
  ['<a b/>', 5],
  ['<a b=/>', 5],
  ['<a b=c/>', 5],
  ['<a b="c/>', 5],
  [`<a b="c'/>`, 5],
  ['<a b="c"d="e"/>', 8],
  ['<a b="c" b="d"/>', 10],
  ['<a "b"/>', 3],
  ['<a 1="b"/>', 3],
  ['<a b="<"/>', 5],
  ['<a b="&"/>', 6],
  ['<a b="a&b"/>', 7],
  ['<a b="&nbsp;"/>', 6],
  ['<a b="&lt"/>', 6],
  ['<a b="& lt;"/>', 6],
  ['<a b="&LT;"/>', 6],
  ['<a b="&#;"/>', 6],
  ['<a b="&#x;"/>', 6],
  ['<a b="&#X41;"/>', 6],
  ['<a b="&#0;"/>', 6],
  ['<a b="&#8;"/>', 6],
  ['<a b="&#xFFFE;"/>', 6],
  ['<a b="&#xD83C;&#xDFAD;"/>', 6],
  ['<a b="&#1114112;"/>', 6],
  ['<a b="&#99999999999;"/>', 6],
  ['<a>&</a>', 3],
  ['<a>R&B</a>', 4],
  ['<a>text<</a>', 8],
  ['<a>]]></a>', 3],
  ['<a/ >', 3],
  ['<a//>', 3],
  ['<a><!-- </a>', 3],
  ['<a><!-- -- --></a>', 3],
  ['<a><!-- ---></a>', 3],
  ['<a><!--></a>', 3],
  ['<a><![CDATA[</a>', 3],
  ['<a><![cdata[]]></a>', 3],
  ['<a><?php</a>', 3],
  ['<a><? ?></a>', 3],
  ['<a><??></a>', 3],
  ['<a><?1?></a>', 3],
  ['<a><?php+?></a>', 3],
  ['<a><?xml version="1.0"?></a>', 3],
  ['<a><?XML?></a>', 3],
  ['<·a/>', 1],
  ['<a×b/>', 2],
  ['<←a/>', 1],
  ['<a \u037e=""/>', 3],
  ['<\u{f0000}/>', 1],
  ['<a><!DOCTYPE a></a>', 3],
  ['<a><!ENTITY a "b"></a>', 3],
  ['<!DOCTYPE a><a/>', 0],
  ['<!-- a -->', 0],
  ['<![CDATA[<a/>]]>', 0],
  ['<?a?>', 0],
  ['<?a?><a/>', 0],
  ['<?xml version="1.0"?><a/>', 0],
  ['<a>\0</a>', 3],
  ['<a b="\x01"/>', 6],
  ['<a>\ufffe</a>', 3],
  ['<a>\ufffb\uffff</a>', 4],
  [`${'<a>'.repeat(17)}${'</a>'.repeat(17)}`, 16 * 3],
  [`<a ${Array.from({ length: 101 }, (_, i) => `b${i}=""`).join(' ')}/>`, 0],
];

for (const text of good) {
  test(`it is one element: ${short(text)}`, (t) => t.is(checkElement(text), null));
}

for (const [text, from] of bad) {
  test(`it is not an element: ${short(text)}`, (t) => {
    const fault = checkElement(text);
    t.is(fault?.refusal.code, 'xml_malformed');
    t.true(fault!.at >= from && fault!.at <= text.length, `${fault!.at}: ${fault!.refusal.message}`);
    t.false(/[\0-\x1f]/.test(fault!.refusal.message), 'A message holds no control characters.');
  });
}

function short(text: string): string {
  const shown = JSON.stringify(text);
  return shown.length > 60 ? `${shown.slice(0, 60)}… (${text.length})` : shown;
}

/** Tags with their attributes, as written: `text` without comments, CDATA and instructions. */
function tagsOf(text: string): [string, Record<string, string>][] {
  const bare = text.replaceAll(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>/g, '');
  return Array.from(bare.matchAll(/<([^\s/>!?]+)((?:[^>"']|"[^"]*"|'[^']*')*)>/g), ([, tag, rest]) => [
    tag!,
    Object.fromEntries(
      Array.from(rest!.matchAll(/([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, key, double, single]) => [
        key!,
        (double ?? single!).replaceAll(/\r\n?/g, '\n'),
      ]),
    ),
  ]);
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignorePiTags: true,
});

type Node = Record<string, unknown> & { ':@'?: Record<string, string> };

function tagsAsParsed(nodes: readonly Node[]): [string, Record<string, string>][] {
  return nodes.flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ':@')!;
    if (tag === '#text') return [];
    return [[tag, { ...node[':@'] }], ...tagsAsParsed(node[tag] as Node[])] as [
      string,
      Record<string, string>,
    ][];
  });
}

const scraps = [
  '<',
  '>',
  '/',
  '"',
  "'",
  '&',
  ';',
  '=',
  ' ',
  '\n',
  '!',
  '--',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '?',
  'a',
  'ñ',
  '<plan',
  '</plan>',
  '&amp;',
  '&#233;',
  '\0',
];

function mutated(text: string, random: Random): string {
  let mutant = text;
  for (let i = random.int(1, 3); i > 0; i--) {
    const at = random.int(0, mutant.length);
    const to = Math.min(mutant.length, at + random.int(0, random.pick([1, 1, 20])));
    const instead = random.chance(0.6) ? random.pick(scraps) : mutant.slice(to, to + random.int(0, 30));
    mutant = mutant.slice(0, at) + instead + mutant.slice(to);
  }
  return mutant;
}

test('accepted texts among ten thousand mutants mean the same to fast-xml-parser', (t) => {
  const random = seededFor(t);
  const sources = [
    record(base({ title: `R&B > "Jazz" 'n' Soul`, plans: [plan(), plan({ id: '2' })] })),
    '<a b="1"><!-- c --><d e=\'2\'/><![CDATA[<f/>]]>text<?g h?></a>',
  ];
  let accepted = 0;
  for (let i = 0; i < 10_000; i++) {
    const text = mutated(random.pick(sources), random);
    if (checkElement(text) !== null) continue;
    accepted++;
    // fast-xml-parser treats quotes in an instruction as those of attributes.
    if (/<\?(?:(?!\?>)[^])*["']/.test(text)) continue;
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) return t.fail(`XMLValidator says ${verdict.err.msg}: ${text}`);
    t.deepEqual(tagsAsParsed(parser.parse(text) as Node[]), tagsOf(text), text);
  }
  t.log(`${accepted} accepted`);
  t.true(accepted > 500);
});

test('the checker returns for any input', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: random.int(0, 30) }, () => random.pick(scraps)).join('');
    const fault = checkElement(text);
    t.true(fault === null || (fault.at >= 0 && fault.at <= text.length), text);
  }
});

test('what a record says does not depend on the records before it', (t) => {
  const random = seededFor(t);
  // Names that begin with each other, and more tags than a reader remembers.
  const names = ['a', 'ab', 'abc', 'abcdefghijklmnop', 'a-b', 'ñ'];
  for (let i = 0; i < 5000; i++) {
    const tag = random.chance(0.5) ? 'plan' : `tag${random.int(0, 99)}`;
    const given = Array.from(
      { length: random.int(0, 5) },
      (_, at) => [random.pick(names), `${i}.${at}`] as const,
    );
    const text = `<${tag} ${given.map(([name, value]) => `${name}="${value}"`).join(' ')}/>`;
    const seen: (readonly [string, string])[] = [];
    const fault = checkElement(text, {
      open: (_tag, attributes) =>
        void seen.push(...attributes.names.map((name, at) => [name, attributes.values[at]!] as const)),
      close: () => undefined,
    });
    if (new Set(given.map(([name]) => name)).size < given.length)
      t.regex(fault?.refusal.message ?? '', /is given twice/, text);
    else t.deepEqual([fault, seen], [null, given], text);
  }
});
