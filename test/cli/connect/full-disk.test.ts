/** A session file on a disk that is full before its last lines are written. */
import assert from 'node:assert/strict'
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { WebSocket } from 'ws'
import { cliTests, parseLines, startCli } from '../../support/cli.ts'
import { serveWebSocket } from '../../support/loopback.ts'
import { canMount, type SmallDisk, smallDisk } from '../../support/small-disk.ts'

/** The page size of the file system, in bytes. */
const PAGE = 4096
/** Bytes left in the last page of the file: too few for the line of a close. */
const LEFT = 30

if (canMount)
  describe('connect --save to a disk that fills up', () => {
    let disk: SmallDisk
    let file: string

    // Before the temporary folders are removed.
    afterEach(() => disk.unmount())
    cliTests()

    beforeEach(() => {
      disk = smallDisk(1)
      file = path.join(disk.path, 'a.rtsession')
    })

    /** Runs `connect` until its file has one message. */
    async function connected(...args: string[]) {
      let socket: WebSocket | undefined
      const url = await serveWebSocket((accepted) => {
        socket = accepted
        socket.send('x'.repeat(1000))
      })
      const cli = await startCli(['connect', url, '--save', file, ...args])
      await cli.line('message')
      if (socket === undefined) throw new Error('There is no client.')
      return { cli, socket }
    }

    /** Takes all space except the rest of the last page of the file. */
    function fill(): void {
      const other = openSync(path.join(disk.path, 'other'), 'w')
      const zeros = Buffer.alloc(PAGE)
      assert.throws(
        () => {
          for (;;) writeSync(other, zeros)
        },
        { code: 'ENOSPC' },
      )
      closeSync(other)
    }

    async function written(bytes: number): Promise<void> {
      while (statSync(file).size < bytes) await new Promise((resolve) => setTimeout(resolve, 5))
    }

    function assertWholeLines(): void {
      const text = readFileSync(file, 'utf8')
      assert.ok(text.endsWith('\n'))
      assert.deepEqual(
        parseLines(text).map(({ type }) => type),
        ['session', 'connect', 'open', 'message', 'message'],
      )
    }

    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      it(`fails at ${signal} with a sentence that names the file, whose lines are complete`, async () => {
        const { cli, socket } = await connected()
        const line = cli.stdout.split('\n').find((each) => each.includes('"message"')) ?? ''
        const before = Buffer.byteLength(cli.stdout)
        // With as many digits as in the first message.
        const overhead = line.length + 1 - 1000
        socket.send('y'.repeat(2 * PAGE - LEFT - ((before + overhead) % PAGE)))
        const second = await cli.line('message', ({ text }) => String(text).startsWith('y'))
        assert.ok(second)
        await written(Buffer.byteLength(cli.stdout))
        fill()
        cli.child.kill(signal)
        const { code, stderr } = await cli.ended
        assert.equal(code, 1, stderr)
        assert.match(stderr, /^The disk is full, so \S+a\.rtsession could not be written;[^\n]*\n$/)
        assertWholeLines()
      })

    it('fails in the same way at the last of --max-messages', async () => {
      const { cli, socket } = await connected('--max-messages', '3')
      socket.send('small')
      await cli.line('message', ({ text }) => text === 'small')
      fill()
      socket.send('y'.repeat(20 * PAGE))
      const { code, stderr } = await cli.ended
      assert.equal(code, 1, stderr)
      assert.match(stderr, /^The disk is full, so \S+a\.rtsession could not be written;[^\n]*\n$/)
      assertWholeLines()
    })
  })
