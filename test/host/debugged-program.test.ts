/** What the window keeps of a program that is being debugged. */
import assert from 'node:assert/strict'
import type * as vscode from 'vscode'
import { DebuggedProgram } from '../../src/vscode/attach/debugged-program.ts'
import type { LiveSession } from '../../src/vscode/session/live-session.ts'
import { commands } from '../support/vscode.ts'

const DEBUG_SESSION = { id: 'a', name: 'page', type: 'pwa-chrome' } as vscode.DebugSession

describe('a program that is being debugged', () => {
  /** A program, and the attachments of its engine: numbers, with why they ended. */
  function startProgram() {
    const attached = new Map<number, string | undefined>()
    commands.executeCommand = async () => ({ host: '127.0.0.1', port: 9999 })
    const session = {
      get status() {
        return { attachments: [...attached].map(([id, ended]) => ({ id, ended })) }
      },
      call: async (method: string) => {
        assert.equal(method, 'attach')
        const id = attached.size + 1
        attached.set(id, undefined)
        return { id }
      },
    }
    return { attached, program: new DebuggedProgram(DEBUG_SESSION, session as unknown as LiveSession) }
  }

  it('is attached to once', async () => {
    const { attached, program } = startProgram()
    assert.equal((await program.add(DEBUG_SESSION)).id, 1)
    assert.equal((await program.add(DEBUG_SESSION)).id, 1)
    assert.equal(attached.size, 1)
  })

  it('is attached to again if the attachment has ended, and the old one is not its own any more', async () => {
    const { attached, program } = startProgram()
    await program.add(DEBUG_SESSION)
    attached.set(1, 'The DevTools connection failed.')
    assert.equal((await program.add(DEBUG_SESSION)).id, 2)
    assert.deepEqual([program.has({ id: 1 }), program.has({ id: 2 })], [false, true])
  })
})
