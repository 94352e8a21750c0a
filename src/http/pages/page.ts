// Makes a page from its directory in src/pages: its styles are in its own text, so that a browser paints it from one answer, and
// what else it loads has the hash of its content in its URL.

import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { joined } from './script.ts';

export interface PageFile {
  readonly name: string;
  readonly text: string;
  /** Of its content; `v` in its URL. */
  readonly version: string;
}

export interface Page {
  readonly html: string;
  /** What its security policy allows in addition to files: `'sha256-…'`. */
  readonly styles: string;
  readonly files: readonly PageFile[];
  /** What it is made of: paths relative to src/pages. */
  readonly sources: readonly string[];
}

const pages = new URL('../../pages/', import.meta.url);
const sheets = /<link rel="stylesheet" href="\/pages\/([\w.-]+)" \/>\s*/g;
const links = /(?<=(?:src|href)="\/pages\/)([\w.-]+)(?=")/g;
const versionLength = 22;

/** `name`: its directory, and its file there without `.html`. Its files are there or in `common`. */
export function pageOf(name: string): Page {
  const sources: string[] = [];
  const files: PageFile[] = [];
  const placeOf = (file: string): URL => {
    const place = new URL(`${name}/${file}`, pages);
    return existsSync(place) ? place : new URL(`common/${file}`, pages);
  };
  const read = (place: URL): string => {
    sources.push(place.href.slice(pages.href.length));
    return readFileSync(place, 'utf8');
  };
  let css = '';
  const html = read(placeOf(`${name}.html`))
    .replaceAll(sheets, (_, file: string) => {
      css += read(placeOf(file));
      return '';
    })
    .replaceAll(links, (_, file: string) => {
      const text = file.endsWith('.js') ? joined(placeOf(file), pages, read).text : read(placeOf(file));
      const version = versionOf(text);
      files.push({ name: file, text, version });
      return `${file}?v=${version}`;
    })
    .replace('</head>', () => `<style>${css}</style>\n  </head>`);
  return { html, styles: `'sha256-${hash('sha256', css, 'base64')}'`, files, sources };
}

export const versionOf = (text: string): string => hash('sha256', text, 'base64url').slice(0, versionLength);
