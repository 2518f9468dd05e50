/** Seeded random texts: files of requests, changed in many ways. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printRequest } from '../../../src/request/file/print.ts'
import { pick, type Random, randomRequest, randomText } from './random-requests.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/requests')

/** Files as JetBrains' client, httpYac, REST Client and this tool have them. */
export const FILES: readonly (readonly [name: string, text: string])[] = readdirSync(FIXTURES)
  .filter((name) => /\.(?:http|rest)$/.test(name))
  .map((name) => [name, readFileSync(join(FIXTURES, name), 'utf8')])

/** Pieces that begin, end or nearly are something. */
export const PIECES = [
  '#',
  '##',
  '###',
  '### ',
  '# @',
  '# @name ',
  '# @option ',
  '# @set a = $.b when ',
  '//',
  '/*\n',
  '*/\n',
  '@',
  '@a = ',
  '@a:=',
  '===',
  '=== wait-for-server',
  '=',
  '<',
  '< ',
  '<@ ',
  '< {%',
  '> {%',
  '%}',
  '> ',
  '>> ',
  '<> ',
  '{{',
  '}}',
  '{{@request\n',
  '{{a}}',
  '{{$secret A}}',
  '?? ',
  '?',
  '&',
  'a: b',
  ':',
  'GET ',
  'WEBSOCKET ',
  'ws://h',
  'http://h/',
  ' HTTP/1.1',
  '...a',
  'import ',
  'run ',
  'proto < ',
  ' ',
  '\t',
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  '\f',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\0',
  'é😀',
  '\ud800',
  '# @message a\n',
  '# @format hex\n',
  '# @sse\n',
  '"',
  "'",
  '\\',
  '[',
  ']',
  '1',
] as const

/** A text that is a file, a request or nothing in particular, with some changes. */
export function randomFile(random: Random): string {
  let text = pick(random, [
    () => pick(random, FILES)[1],
    () => printRequest(randomRequest(random)),
    () => `WS ws://h\n\n${randomText(random)}\n===\n${randomText(random)}`,
    () => Array.from({ length: 12 }, () => pick(random, PIECES)).join(''),
  ])()
  for (let changes = Math.floor(random() * 6); changes > 0; changes--) text = changed(text, random)
  return text
}

function changed(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1))
  const [before, after] = [text.slice(0, at), text.slice(at)]
  const lines = text.split('\n')
  const line = Math.floor(random() * lines.length)
  switch (Math.floor(random() * 8)) {
    case 0:
      return before
    case 1:
      return before + after.slice(Math.floor(random() * 8))
    case 2:
      return lines.toSpliced(line, 1).join('\n')
    case 3:
      return lines.toSpliced(line, 0, pick(random, lines)).join('\n')
    case 4:
      return lines.toSpliced(line, 0, pick(random, PIECES)).join('\n')
    case 5:
      return text.replaceAll('\n', pick(random, ['\r\n', '\r', '\n\n']))
    case 6:
      return lines.map((each, index) => (index === line ? `  ${each}  ` : each)).join('\n')
    default:
      return before + pick(random, PIECES) + after
  }
}
