import assert from 'node:assert/strict'
import type { LogOutputChannel } from 'vscode'
import { issueText } from '../../src/vscode/commands/issue-text.ts'
import { RecentLog } from '../../src/vscode/ui/recent-log.ts'
import { maskedLog } from '../../src/vscode/ui/untrusted-text.ts'

const VERSIONS = {
  extension: '1.2.3',
  editor: 'VSCodium 1.105.0',
  node: '22.19.0',
  system: 'Linux 6.1 x64',
  remote: 'ssh-remote',
}

describe('the report of an issue', () => {
  it('has the versions, and the end of the log as code', () => {
    const text = issueText(VERSIONS, ['first', '```\n# not a heading <b>'])
    assert.match(text, /^- Realtime Inspector 1\.2\.3\n- VSCodium 1\.105\.0, Node\.js 22\.19\.0\n/m)
    assert.match(text, /^- Linux 6\.1 x64, remote: ssh-remote$/m)
    assert.ok(text.endsWith('\n    first\n    ``` # not a heading <b>\n'))
    assert.match(
      issueText({ ...VERSIONS, remote: undefined }, []),
      /^- Linux 6\.1 x64$[\s\S]*\n {4}\(empty\)\n$/m,
    )
  })

  it('has only the newest lines of a long log', () => {
    const lines = Array.from({ length: 100 }, (_, n) => `${n} ${'x'.repeat(100)}`)
    const text = issueText(VERSIONS, lines)
    assert.ok(text.length < 5000, String(text.length))
    assert.ok(text.includes('    99 xxx') && !text.includes('    50 xxx'))
  })

  it('has the log with secrets masked, in bounded memory', () => {
    const recent = new RecentLog()
    const written: unknown[] = []
    const channel = { warn: (...values: unknown[]) => written.push(values) }
    const log = maskedLog(channel as unknown as LogOutputChannel, recent)
    log.warn('Connecting to wss://ada:hush@example.com/?token=hush failed')
    const line = recent.lines.join('\n')
    assert.match(line, / \[warn\] Connecting to wss:/)
    assert.ok(line.includes('example.com') && !line.includes('hush'), line)
    assert.equal(written.length, 1)
    for (let n = 0; n < 1000; n++) log.warn(`${n} ${'y'.repeat(1000)}`)
    assert.equal(recent.lines.length, 40)
    assert.ok(recent.lines.every(({ length }) => length < 400))
    assert.match(recent.lines.at(-1) ?? '', / 999 y/)
    // Half a character could not become a part of a URL.
    log.warn('😀'.repeat(1000))
    assert.doesNotThrow(() => encodeURIComponent(recent.lines.at(-1) ?? ''))
  })
})
