import assert from 'node:assert/strict'
import { ResponseContent } from '../../src/attach/response-content.ts'

describe('the content of a response that is asked for when it is complete', () => {
  /** What `rest` gives for parts of that many bytes each, if DevTools answers with that text. */
  async function rest(body: string, ...lengths: number[]): Promise<string[]> {
    const content = new ResponseContent('1', async () => ({ body, base64Encoded: false }))
    for (const [at, length] of lengths.entries()) content.take(undefined, length, at)
    const parts = (await content.rest(lengths.length)) ?? []
    return parts.map(({ bytes }) => Buffer.from(bytes).toString())
  }

  it('is that of its text, cut into the parts', async () => {
    assert.deepEqual(await rest('zwölf\nelf', 7, 3), ['zwölf\n', 'elf'])
  })

  it('has its own bytes if the browser has read them as windows-1252', async () => {
    const read = (text: string) => new TextDecoder('windows-1252').decode(Buffer.from(text))
    assert.deepEqual(await rest(read('zwölf €'), 10), ['zwölf €'])
    assert.deepEqual(await rest('naïve', 6), ['naïve'])
  })
})
