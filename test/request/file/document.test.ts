/** docs/http-files.md names what the tables have. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { METHOD_KEYWORDS, METHODS } from '../../../src/request/file/methods.ts'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { SETTINGS } from '../../../src/request/file/settings.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../../docs/http-files.md'), 'utf8')

/** What is in code spans of the first cells of a table below a heading. */
function named(heading: string): string[] {
  const [, section = ''] = TEXT.split(`### ${heading}\n`)
  const rows = (section.split(/^##/m)[0] ?? '').split('\n').filter((line) => line.startsWith('| `'))
  return rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([\w-]+)[^`]*`/g)].map(([, name = '']) => name),
  )
}

describe('the document on files of requests', () => {
  it('names every option', () => {
    assert.deepEqual(named('Options').toSorted(), SETTINGS.map(({ name }) => name).toSorted())
  })

  it('names every method', () => {
    const own = METHOD_KEYWORDS.filter((keyword) => !('runBy' in METHODS[keyword]))
    assert.deepEqual(
      named('Methods')
        .filter((name) => /^[A-Z]+$/.test(name))
        .toSorted(),
      own.toSorted(),
    )
    for (const keyword of METHOD_KEYWORDS) assert.match(TEXT, new RegExp(`\`${keyword}\``))
  })

  it('has examples without mistakes', () => {
    const examples = [...TEXT.matchAll(/^```http\n(.*?)^```$/gms)].map(([, example = '']) => example)
    assert(examples.length > 0)
    for (const example of examples) {
      const { requests, problems } = parseRequestFile(example)
      assert(requests.length > 0)
      assert.deepEqual(problems, [])
    }
  })
})
