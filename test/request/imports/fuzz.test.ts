/** Files that no program wrote: whatever is in them, an importer says what is wrong, and soon. */
import assert from 'node:assert/strict'
import { dump, load } from 'js-yaml'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { ASYNCAPI } from '../../../src/request/imports/asyncapi/importer.ts'
import { BRUNO } from '../../../src/request/imports/bruno/importer.ts'
import { httpTextOf } from '../../../src/request/imports/http-text.ts'
import type { ForeignFile, Importer } from '../../../src/request/imports/imported.ts'
import { INSOMNIA } from '../../../src/request/imports/insomnia/importer.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { seededRandom } from '../../support/splits.ts'
import { fixtures } from './fixtures.ts'

/** Reads a file, and what is written of it. Only a `Failure` may be thrown. */
async function attempt(importer: Importer, file: ForeignFile): Promise<void> {
  importer.recognizes(file)
  try {
    const { text } = httpTextOf(await importer.read(file))
    parseRequestFile(text)
  } catch (thrown) {
    assert.ok(thrown instanceof Failure, `${file.path}: ${thrown instanceof Error ? thrown.stack : thrown}`)
  }
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  '',
  '{{',
  '}}{{ _.a }}{% a',
  '\ud800',
  '\0\r\n=== \n###',
  'http://[',
  [],
  [[]],
  {},
  { $ref: '#/' },
  { $ref: '#' },
  { $ref: 'a' },
  { type: 'websocket' },
  [null, 1, 'a', {}],
  { constructor: 1, toString: 2 },
  '__proto__',
]

/** The value with one of the values in it replaced. */
function mutated(value: unknown, random: () => number): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const key = keys[Math.floor(random() * keys.length)]
  if (key === undefined || random() < 0.15) return STRANGE[Math.floor(random() * STRANGE.length)]
  const own: Readonly<Record<string, unknown>> = { ...Object(value) }
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === key ? mutated(each, random) : each))
  const name = random() < 0.05 ? '__proto__' : key
  return Object.fromEntries([...Object.entries(own), [name, mutated(own[key], random)]])
}

const ROWS: readonly (readonly [Importer, string])[] = [
  [INSOMNIA, 'insomnia'],
  [ASYNCAPI, 'asyncapi'],
  [BRUNO, 'bruno/yml'],
]

describe('files that are broken', () => {
  for (const [importer, folder] of ROWS) {
    it(`do not break the importer of ${importer.label} if they end early`, async () => {
      for (const { path = '', text } of fixtures(folder)) {
        const step = Math.max(1, Math.floor(text.length / 60))
        for (let end = 0; end < text.length; end += step)
          await attempt(importer, { path, text: text.slice(0, end) })
      }
    })

    it(`do not break the importer of ${importer.label} if values have other types`, async () => {
      const random = seededRandom(7)
      for (const { path = '', text } of fixtures(folder)) {
        const value = load(text)
        for (let n = 0; n < 60; n++) {
          let strange = value
          for (let times = 0; times < 3; times++) strange = mutated(strange, random)
          const isJson = n % 2 === 1
          const written = isJson ? JSON.stringify(strange) : dump(strange, { skipInvalid: true })
          await attempt(importer, { path: isJson ? path : path.replace(/json$/, 'yaml'), text: `${written}` })
        }
      }
    })
  }

  it('are rejected if they are too deep, or too large by their aliases', async () => {
    const aliases = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`)
    const bomb = `a0: &a0 [x]\n${aliases.join('\n')}\n`
    const cycle = 'a: &a [*a]\n'
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    for (const [importer, head] of [
      [INSOMNIA, 'type: collection.insomnia.rest/5.0\n'],
      [ASYNCAPI, 'asyncapi: 3.0.0\n'],
      [BRUNO, 'opencollection: 1.0.0\n'],
    ] as const)
      for (const [what, text] of Object.entries({ bomb, cycle, deep: `a: ${deep}\n` }))
        await assert.rejects(
          importer.read({ path: 'a.yaml', text: head + text }),
          Failure,
          `${importer.name} ${what}`,
        )
    for (const importer of [INSOMNIA, ASYNCAPI]) {
      const children = `${'{"name":"a","children":['.repeat(20_000)}${']}'.repeat(20_000)}`
      await assert.rejects(importer.read({ path: 'a.json', text: `{"collection":[${children}]}` }), Failure)
    }
  })

  it('do not make reading slow', async () => {
    const began = process.cpuUsage()
    const names = Array.from({ length: 3000 }, (_, n) => `  c${n}: { address: /c${n} }`).join('\n')
    const servers = Array.from({ length: 300 }, (_, n) => `  s${n}: { host: h${n}, protocol: ws }`).join('\n')
    await attempt(ASYNCAPI, {
      text: `asyncapi: 3.0.0\ninfo: { title: A }\nservers:\n${servers}\nchannels:\n${names}\n`,
    })
    const blanks = ' \n'.repeat(200_000)
    for (const importer of [INSOMNIA, ASYNCAPI, BRUNO])
      for (const text of [
        blanks,
        'info:\n'.repeat(100_000),
        '{,"'.repeat(100_000),
        `info:\n${' a\n'.repeat(100_000)}`,
      ])
        importer.recognizes({ path: 'a.yml', text })
    const { user, system } = process.cpuUsage(began)
    assert.ok((user + system) / 1e6 < 20, `${(user + system) / 1e6} s of processor time`)
  })
})
