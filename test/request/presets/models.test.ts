/** Presets of language models: the request is what the vendor documents, and its end is the end of the answer. */
import assert from 'node:assert/strict'
import { APIS, LanguageModel } from '../../support/stand-ins/language-models.ts'
import { PresetRun } from './preset-run.ts'

describe('presets of language models', () => {
  let run: PresetRun

  beforeEach(() => {
    run = new PresetRun()
  })
  afterEach(() => run.close())

  for (const name of Object.keys(APIS) as (keyof typeof APIS)[])
    it(`read the answer of ${name} to its end, and do not ask again`, async () => {
      const model = await new LanguageModel(name).serve()
      await run.start(name, { [name]: model.url, [`${name}_question`]: 'Why "so"?' }, {})
      await run.until(({ state }) => state === 'closed' || state === 'failed')
      assert.equal(run.status.error, undefined)
      assert.match(model.question, /Why \\"so\\"\?/)
      assert.equal((await run.texts()).length, APIS[name].answer.length)
      assert.equal(model.requests.length, 1)
    })
})
