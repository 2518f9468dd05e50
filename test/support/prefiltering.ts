/** Payloads and filters that are hard to search by bytes, and what a filter finds. */
import { deflateRawSync } from 'node:zlib'
import { Search, type SearchSource } from '../../src/capture/search/search.ts'
import type { Filter } from '../../src/shared/filter/syntax.ts'

/** Words with unusual case mappings, and separators. */
const WORDS = [
  ...['price', 'PRICE', 'PriCe', 'pr\u0130ce', 'Prıce', 'kelvin', '\u212aELVIN', 'Kelvin', 'ask', 'as\u212a'],
  ...[
    'state',
    '\u017ftate',
    'STATE',
    'straße',
    'STRASSE',
    'STRAẞE',
    'ΣΊΣΥΦΟΣ',
    'σίσυφος',
    'é',
    'É',
    'e\u0301',
  ],
  ...['価格', '가격', 'قيمة', '😀', '𐐀', '𐐨', 'i\u0307', 'İ', 'ªº', '\ufffd', '\u0000', 'à', 'À', 'Ã\u00a0'],
]
const BETWEEN = ['', ' ', '"', '\\', '{"', '":', ',', '\n']
/** Bytes that are not UTF-8, or only the beginning or end of a character. */
const BROKEN = [[0xff], [0xc3], [0xe2, 0x84], [0x84, 0xaa], [0xc4], [0xb0], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]
const DOCUMENTS = [
  ...['{"type":"trade","price":7}', '{"type":"quote","price":2.5}', '{"TYPE":"trade"}', '{"type":"TRADE"}'],
  ...[
    '{"\\u0074ype":"trade"}',
    '{"type":"tr\\u0061de","a\\/b":1}',
    '{"pr\\u0069ce":9}',
    '[{"price":8},"type"]',
  ],
  ...[
    '{"a":{"b":["x",{"price":3}]}}',
    '"trade"',
    ' {"type":"trade"} ',
    '{"type":"trade"',
    'null',
    '{"価格":5}',
  ],
  ...['{"__proto__":1,"type":""}', '{"a":[[1,2],[3]],"type":"é"}', '{"toString":1}', '{"type":"\ufffd"}'],
]

export const FILTERS: readonly string[] = [
  ...[
    '$.type == "trade"',
    '$.type != "trade"',
    '$.type == ""',
    '$.type',
    '$.type == "é"',
    '$.t == "\ufffd\ufffd"',
  ],
  ...[
    '$.price > 5',
    '$.price <= 2.5',
    "$['price'] == 9",
    '$..price == 3',
    '$.a.b[0] == "x"',
    '$.a.b[-1].price',
  ],
  ...[
    '$[0].price > 1',
    '$[*].price',
    "$['type','price']",
    '$.*',
    '$[?@.price > 1]',
    '$..[0]',
    '$',
    '$["価格"] == 5',
  ],
  ...['$.__proto__', '$.toString', "$['a/b']", '$.a[0][1] == 2', '$.type.length', '$[1]', '$.a[9]'],
  ...['price or $.type == "trade"', 'price $.type == "trade"', 'not price', 'not $.type', 'dir:in kelvin'],
  ...[
    'gap:>6 price',
    'size:<9 a',
    '/pri/ kelvin',
    'kelvin or /pri/',
    'price or kelvin or ask or state or 가격 or é',
  ],
  ...['conn:2 "a"', 'type:comment e', 'ECONNREFUSED', 'reset', 'token', '"set-cookie"', '204', 'hello'],
]

/** Filters for words, parts of words and several words. */
export function textFilters(): Filter[] {
  const parts = WORDS.flatMap((word) => [word, word.toUpperCase(), word.slice(1), word.slice(0, -1)])
  const more = [
    '',
    'i',
    'K',
    'ss',
    'ß',
    's',
    '\u017f',
    'σ',
    'ς',
    '価格가',
    'ce"',
    '{"price',
    '\\',
    ' ',
    'a b',
    '\ud83d',
  ]
  const long = ['price'.repeat(30), `${'x'.repeat(63)}kkk`]
  return [...new Set([...parts, ...more, ...long])].map((text) => ({ kind: 'text', text }))
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T
}

/** A payload that is hard to search by its bytes. */
export function trickyPayload(random: () => number): Uint8Array {
  const words = Array.from(
    { length: Math.floor(random() * 6) },
    () => pick(random, WORDS) + pick(random, BETWEEN),
  ).join('')
  switch (Math.floor(random() * 10)) {
    case 0:
      return new Uint8Array(0)
    case 9:
      return Buffer.concat([Buffer.from('{"t":"'), Buffer.from(pick(random, BROKEN)), Buffer.from('"}')])
    case 1:
      return deflateRawSync(words)
    case 2:
      return Buffer.concat([Buffer.from(words), Buffer.from(pick(random, BROKEN)), Buffer.from('ice k')])
    case 3:
    case 4:
    case 5:
      return Buffer.from(pick(random, DOCUMENTS))
    case 6:
      return Buffer.from('-'.repeat(random() < 0.02 ? 150_000 : 300) + words)
    default:
      return Buffer.from(words)
  }
}

/** Numbers of the events that a filter finds. */
export function found(source: SearchSource, filter: Filter): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const search: Search = new Search(source, filter, () => {
      if (search.error !== undefined) reject(search.error)
      else if (search.scanned >= source.count) {
        search.cancel()
        resolve([...search.matches.slice(0)])
      }
    })
  })
}

/** The source without its prefilter, every event of which a search tests. It reads each text once, for all searches. */
export function withoutPrefilter(source: SearchSource): SearchSource {
  const { count, firstKept, eventNames } = source
  const texts = Array.from({ length: count }, (_, index) =>
    index < firstKept ? undefined : source.text(index),
  )
  return {
    count,
    firstKept,
    eventNames,
    columns: (from, max) => source.columns(from, max),
    text: (index) => texts[index],
  }
}

/** Numbers of the events whose text was read from the source. */
export function counting(source: SearchSource): { source: SearchSource; asked: () => number } {
  let asked = 0
  return {
    source: {
      ...source,
      get count() {
        return source.count
      },
      get firstKept() {
        return source.firstKept
      },
      text: (index) => {
        asked++
        return source.text(index)
      },
    },
    asked: () => asked,
  }
}
