/** The text of what was imported, checked. */
import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { httpTextOf } from '../../../src/request/imports/http-text.ts'
import type { Imported } from '../../../src/request/imports/imported.ts'

/** The text, which reads back as so many requests, without problems. */
export function textThatReadsBack(imported: Imported): string {
  const { text } = httpTextOf(imported)
  const { problems, requests } = parseRequestFile(text)
  assert.deepEqual(
    problems.filter(({ severity }) => severity !== 'info'),
    [],
    text,
  )
  assert.equal(requests.length, imported.requests.length, text)
  return text
}
