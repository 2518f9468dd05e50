import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentTextOf } from '../../../src/request/imports/environment-text.ts'
import { httpTextOf } from '../../../src/request/imports/http-text.ts'
import type { ForeignFile } from '../../../src/request/imports/imported.ts'
import { importerOf, readAllForeign, readForeign } from '../../../src/request/imports/importers.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { seededRandom } from '../../support/splits.ts'
import { textThatReadsBack } from './reads-back.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/imports/postman')

function fileOf(name: string): ForeignFile {
  return { path: join(FOLDER, name), text: readFileSync(join(FOLDER, name), 'utf8') }
}

function folderOf(name: string): ForeignFile[] {
  return readdirSync(join(FOLDER, name), { recursive: true, encoding: 'utf8' })
    .filter((each) => each.endsWith('.yaml'))
    .sort()
    .map((each) => fileOf(join(name, each)))
}

/** What is to be read, beside the files. */
const expected = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

/** A value with a part of it replaced by one of another type. */
function changed(value: unknown, random: () => number): unknown {
  const wrong = [null, 5, '', 'x{{y', [], {}, [null], { key: 1 }, true]
  if (random() < 0.05 || typeof value !== 'object' || value === null)
    return random() < 0.1 ? wrong[Math.floor(random() * wrong.length)] : value
  if (Array.isArray(value)) return value.map((each) => changed(each, random))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, changed(each, random)]))
}

/** Reads what may be broken. Resolves to false if it is refused with a sentence. */
async function readsOrRefuses(files: readonly ForeignFile[]): Promise<boolean> {
  try {
    const imported = await readAllForeign(files)
    if (imported.requests.length > 0) textThatReadsBack(imported)
    else environmentTextOf(imported)
    return true
  } catch (thrown) {
    assert.ok(thrown instanceof Failure, thrown instanceof Error ? thrown.stack : String(thrown))
    return false
  }
}

describe('Postman', () => {
  for (const [name, http] of [
    ['chat.postman_collection.json', 'chat.http'],
    ['chat-2.0.postman_collection.json', 'chat-2.0.http'],
  ] as const)
    it(`gives the requests of ${name}, with its folders, credentials, bodies and variables`, async () => {
      assert.equal(importerOf(fileOf(name))?.name, 'postman')
      const text = textThatReadsBack(await readForeign(fileOf(name)))
      assert.equal(text, expected(http))
      assert.doesNotMatch(text, /hunter2|pa55word|k-3f9a/)
    })

  it('gives the requests of a folder of version 3, with their messages', async () => {
    const text = textThatReadsBack(await readAllForeign(folderOf('v3')))
    assert.equal(text, expected('v3.http'))
    const { secrets } = httpTextOf(await readAllForeign(folderOf('v3')))
    assert.deepEqual(Object.fromEntries(secrets), { PRICES_TOKEN: 'abc-def-secret-123' })
  })

  it('gives environments, without the values of secrets', async () => {
    const { text, secrets } = environmentTextOf(
      await readAllForeign([fileOf('staging.postman_environment.json'), ...folderOf('v3')]),
    )
    assert.deepEqual(JSON.parse(text), {
      Staging: { user: 'ada', token: '{{$secret TOKEN}}' },
      Dev: { host: 'localhost:8080', token: '{{$secret TOKEN_2}}' },
    })
    assert.deepEqual([...secrets.values()], ['abc-123-secret', 'dev-token-0815'])
    const none = await readForeign(fileOf('staging.postman_environment.json'))
    assert.throws(() => httpTextOf(none), /http-client\.env\.json/)
  })

  it('is read or refused with a sentence, whatever it is', async () => {
    const random = seededRandom(17)
    let read = 0
    for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('.json'))) {
      const file = fileOf(name)
      for (let n = 0; n < 100; n++) {
        const text = JSON.stringify(changed(JSON.parse(file.text), random))
        if (await readsOrRefuses([{ ...file, text }])) read++
        await readsOrRefuses([{ ...file, text: file.text.slice(0, random() * file.text.length) }])
      }
    }
    assert.ok(read > 50, `${read}`)
    for (const at of folderOf('v3').keys())
      for (let n = 0; n < 5; n++)
        await readsOrRefuses(
          folderOf('v3').map((each, index) =>
            index === at ? { ...each, text: each.text.slice(0, random() * each.text.length) } : each,
          ),
        )
  })

  it('does not follow folders in folders for ever', async () => {
    const nested = (times: number) => {
      const item = `${'{"name":"f","item":['.repeat(times)}{"name":"x","request":"http://h/"}${']}'.repeat(times)}`
      return `{"info":{"name":"deep","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[${item}]}`
    }
    await assert.rejects(readForeign({ text: nested(3000) }), { code: 'TOO_LARGE' })
    const { requests, notTaken = [] } = await readForeign({ text: nested(80) })
    assert.deepEqual(requests, [])
    assert.match(notTaken.join(), /nested too deeply/)
  })
})
