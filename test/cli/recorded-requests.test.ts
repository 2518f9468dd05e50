/** The requests of recordings that Chromium made with other programs' servers. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { recordedRequests } from '../../src/engine/requests/recorded-requests.ts'
import { importedOf } from '../../src/request/imports/recorded.ts'
import { openIndexed } from '../../src/session/open-recording.ts'
import { textThatReadsBack } from '../request/imports/reads-back.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/recordings')

describe('the requests of recordings', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.har'))

  it('are found in HARs of a browser', async () => {
    assert.ok(files.length >= 3)
    for (const name of files) {
      const recording = await openIndexed(join(FOLDER, name), { masked: true })
      try {
        const { requests, omitted } = await recordedRequests(recording.log)
        const imported = importedOf(requests, omitted)
        assert.deepEqual([imported.notTaken, imported.requests.length > 0], [[], true], name)
        textThatReadsBack(imported)
      } finally {
        recording.close()
      }
    }
  })

  it('leave out a connection that cannot be made again, and say why', () => {
    const sent = { sent: [], omitted: 0 }
    const { requests, notTaken } = importedOf(
      [
        { spec: { url: 'https://h/', headers: { 'bad name': 'x' } }, ...sent },
        {
          spec: {
            url: 'wss://h/',
            transport: 'websocket',
            headers: { Upgrade: 'websocket', Origin: 'https://h' },
          },
          ...sent,
        },
      ],
      3,
    )
    assert.deepEqual(requests[0]?.spec, {
      url: 'wss://h/',
      transport: 'websocket',
      headers: { Origin: 'https://h' },
    })
    assert.deepEqual(notTaken, [
      '3 more connections were not imported.',
      'A connection was not imported. The connection\'s "headers.bad name" must be a header name.',
    ])
  })
})
