import assert from 'node:assert/strict'
import type { AnswerList } from '../../../src/shared/protocol/answers.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { DecodedFile } from './support.ts'

describe('answers of language models in a session', () => {
  let file: DecodedFile

  afterEach(async () => {
    await file.call.shutdown(null)
    removeTempDirs()
  })

  async function readAll(): Promise<AnswerList> {
    for (;;) {
      const list = await file.call.answers(null)
      if (list.isCurrent) return list
      await new Promise((done) => setTimeout(done, 5))
    }
  }

  it('are read with their pieces, which name their events', async () => {
    file = await DecodedFile.open('../language-models/anthropic.rtsession')
    const { answers, read } = await readAll()
    assert.equal(read, 21)
    const [summary = assert.fail()] = answers
    assert.deepEqual(
      [summary.connection, summary.index, summary.protocol, summary.status, summary.stallCount],
      [1, 0, 'anthropic', 'complete', 1],
    )
    const answer = await file.call.answer({ connection: 1, index: 0, from: 0 })
    const piece = answer?.next.find(({ text }) => text === '12,231.')
    const { payload } = await file.call.detail({ index: piece?.event ?? 0, maxBytes: 1000 })
    assert.match(Buffer.from(payload ?? []).toString(), /"text":"12,231\."/)
    assert.equal(await file.call.answer({ connection: 1, index: 1, from: 0 }), null)
  })

  it('include the request if only the answer shows which protocol it is', async () => {
    file = await DecodedFile.open('ai-ui-message-stream.rtsession')
    const { answers } = await readAll()
    assert.deepEqual(
      answers.map(({ protocol, request, beginning, status }) => [protocol, request, beginning, status]),
      [['ai-sdk', 0, 'Hello, world ✓ and more ', 'complete']],
    )
  })

  it('are read again after the user has chosen another decoder', async () => {
    file = await DecodedFile.open('openai-chat.rtsession')
    assert.equal((await readAll()).answers.length, 1)
    await file.call.setDecoder({ connection: 1, decoder: 'none' })
    assert.deepEqual((await readAll()).answers, [])
    await file.call.setDecoder({ connection: 1, decoder: null })
    const { answers } = await readAll()
    assert.deepEqual(
      answers.map(({ model, timeToFirst }) => [model, timeToFirst]),
      [['gpt-x', 237.482]],
    )
  })

  it('are none in a session of another protocol', async () => {
    file = await DecodedFile.open('socketio.rtsession')
    assert.deepEqual((await readAll()).answers, [])
  })
})
