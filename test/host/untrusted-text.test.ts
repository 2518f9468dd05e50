import assert from 'node:assert/strict'
import type { LogOutputChannel } from 'vscode'
import { hideValues, withoutHidden } from '../../src/vscode/ui/hidden-values.ts'
import { markdownText, maskedLog, plainText } from '../../src/vscode/ui/untrusted-text.ts'

/** What VS Code shows as a link in a message, from its `linkedText.ts`. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi

/** A channel that keeps its lines as VS Code would write them. */
class Channel {
  readonly lines: string[] = []
  shown = false
  get name(): string {
    return 'Realtime Inspector'
  }
  info(message: string, ...args: unknown[]): void {
    this.lines.push([message, ...args].join(' '))
  }
  warn(message: string): void {
    this.lines.push(message)
  }
  error(error: string | Error, ...args: unknown[]): void {
    this.lines.push([error, ...args].join(' '))
  }
  show(): void {
    this.shown = true
  }
}

describe('the log', () => {
  it('has no secrets, and no lines that a peer made up', () => {
    const channel = new Channel()
    const log = maskedLog(channel as unknown as LogOutputChannel)
    log.info('closed: token=S3CR3T\n[error] forged\x1b[31m\u2028', { id: 1 })
    log.warn('GET https://u:S3CR3T@h/?sid=S3CR3T failed')
    log.error(new Error('{"password":"S3CR3T"}\r\x1b[2J'))
    log.error('It failed:', new Error('Authorization: Bearer S3CR3T'))
    const text = channel.lines.join('\n')
    assert.ok(!text.includes('S3CR3T'), text)
    assert.doesNotMatch(text, /[^\P{Cc}\n]/u)
    assert.equal(channel.lines[0], 'closed: token=*** [error] forged [31m  [object Object]')
    assert.equal(channel.lines[1], 'GET https://***@h/?sid=*** failed')
    assert.match(channel.lines[2] ?? '', /^Error: \{"password":"\*\*\*"\}.*\n +at /)
    assert.match(channel.lines[3] ?? '', /^It failed: Error: Authorization: \*\*\*\n/)
  })

  it('has no part of a secret that begins with another one', () => {
    hideValues(['jonas', 'jonas-4711'])
    assert.equal(withoutHidden('login jonas, password jonas-4711'), 'login ***, password ***')
  })

  it('is otherwise the channel', () => {
    const channel = new Channel()
    const log = maskedLog(channel as unknown as LogOutputChannel)
    assert.equal(log.name, 'Realtime Inspector')
    log.show()
    assert.ok(channel.shown)
  })
})

describe("text for VS Code's messages", () => {
  it('has no links, whatever a peer or a file says', () => {
    for (const said of [
      'answered 404 ("[Try this](command:workbench.action.quit)")',
      '[a](https://h/)[b](FILE:///etc/passwd "c")',
      '[[x](command:y)](command:z)',
      '[x](\u200bcommand:y)',
    ])
      assert.deepEqual(plainText(said).match(LINK), null, said)
  })

  it('is unchanged if it has no links', () => {
    const said = 'Serving [1].rtsession (copy) at ws://127.0.0.1:8080/[a] (b)'
    assert.equal(plainText(said), said)
  })
})

describe('text for Markdown', () => {
  it('has no markup, links, HTML or line breaks', () => {
    const text = markdownText('[a](command:b) <img src=x> **c**\n# d `e` https://f ~g~ \\*')
    assert.equal(
      text,
      '\\[a\\]\\(command\\:b\\) \\<img src\\=x\\> \\*\\*c\\*\\* \\# d \\`e\\` https\\:\\/\\/f \\~g\\~ \\\\\\*',
    )
    assert.equal(markdownText('letters and 123'), 'letters and 123')
  })
})
