/** Every preset of the table, and the document that is made of it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { PRESETS_DOCUMENT, presetsDocument } from '../../../scripts/preset-docs.ts'
import { answeredText, questionsOf, snippetOf } from '../../../src/request/presets/preset.ts'
import { PRESETS, parsePreset } from '../../../src/request/presets/table.ts'
import { optionsWithoutEffect } from '../../../src/request/request.ts'
import { resolvedOnly } from '../file/resolved.ts'

/** What the editor inserts for a snippet. */
function inserted(snippet: string): string {
  return snippet
    .replace(/\$0$/, '')
    .replaceAll(/\$\{\d+:((?:[^\\}]|\\.)*)\}/g, '$1')
    .replaceAll(/\\([\\$}])/g, '$1')
}

describe('the presets', () => {
  for (const preset of PRESETS)
    it(`have a request that is read and resolved without problems: ${preset.name}`, async () => {
      const { file } = parsePreset(preset)
      assert.deepEqual(file.problems, [])
      assert.equal(file.requests.length, 1)
      const { spec, problems } = await resolvedOnly(preset.request)
      assert.deepEqual(problems, [])
      assert.deepEqual(optionsWithoutEffect(spec), [])
      assert.match(preset.name, /^[a-z][a-z.-]*$/)
      for (const { text, initial } of questionsOf(file)) {
        assert.match(text, /^(?:The|What|Your) .*[^.]$/)
        assert.notEqual(initial, '')
      }
    })

  it('have names and titles of their own, and variables that mean one thing', () => {
    for (const key of ['name', 'title'] as const)
      assert.equal(new Set(PRESETS.map((preset) => preset[key])).size, PRESETS.length)
    const values = new Map<string, string>()
    for (const preset of PRESETS)
      for (const { name, initial } of questionsOf(parsePreset(preset).file)) {
        assert.equal(values.get(name) ?? initial, initial, name)
        values.set(name, initial)
      }
  })

  it('have the answers in place of the values of their variables', async () => {
    const [preset] = PRESETS
    assert(preset !== undefined)
    const { file } = parsePreset(preset)
    const text = answeredText(
      file,
      new Map([
        ['openai_model', 'large\nPOST http://evil/'],
        ['openai', 'http://a'],
      ]),
    )
    const { spec } = await resolvedOnly(text)
    assert.equal(spec.url, 'http://a/v1/chat/completions')
    assert.equal(JSON.parse(String(spec.body)).model, 'large POST http://evil/')
  })

  it('are snippets of the same text, with another title if the name is taken', () => {
    for (const preset of PRESETS) {
      const { file, request } = parsePreset(preset)
      assert.equal(inserted(snippetOf(file)), preset.request)
      const renamed = inserted(snippetOf(file, { of: request, text: 'A $1 name' }))
      assert.equal(
        renamed,
        preset.request.replace(/^### .*/, () => '### A $1 name'),
      )
    }
  })

  it('are in the document as they are; update it with `node scripts/preset-docs.ts`', () => {
    const document = readFileSync(PRESETS_DOCUMENT, 'utf8')
    assert.equal(document, presetsDocument(document))
  })
})
