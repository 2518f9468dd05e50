import assert from 'node:assert/strict'
import { cmdCommands, isForCmd } from '../../../../src/request/imports/curl/cmd-words.ts'
import { seededRandom } from '../../../support/splits.ts'

const words = (text: string) => cmdCommands(text).map((command) => command.words)

/** As Chrome quotes a text for cmd.exe: every character that means something has a caret. */
function caretQuoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]/g, '^$&')
    .replaceAll(/%(?=[a-zA-Z0-9_])/g, '%^')
    .replaceAll(/\r?\n/g, '^\n\n')
  return `^"${escaped}^"`
}

describe('words of cmd.exe', () => {
  it('are what Chrome copied', () => {
    const line = [
      'curl ^"https://example.com/api?a=1^&b=^%^20x^" ^',
      '  -H ^"sec-ch-ua: ^\\^"Chromium^\\^";v=^\\^"152^\\^"^" ^',
      '  --data-raw ^"^{^',
      '',
      '  ^\\^"id^\\^": null^',
      '',
      '^}^"',
    ].join('\n')
    const expected = [
      'curl',
      'https://example.com/api?a=1&b=%20x',
      '-H',
      'sec-ch-ua: "Chromium";v="152"',
      '--data-raw',
      '{\n  "id": null\n}',
    ]
    assert.ok(isForCmd(line))
    assert.deepEqual(words(line), [expected])
    assert.deepEqual(words(line.replaceAll('\n', '\r\n')), [expected])
  })

  it('are what older browsers copied, with quotes and backslashes in pairs', () => {
    const line =
      'curl "https://example.com/?q="%"20a" -H "Accept: ""x"" \\\\ y" ^\n --data "{""a"":""b\\"""}"'
    assert.deepEqual(words(line), [
      ['curl', 'https://example.com/?q=%20a', '-H', 'Accept: "x" \\ y', '--data', '{"a":"b""}'],
    ])
  })

  it('are the texts that were quoted', () => {
    const random = seededRandom(5)
    const characters = [...'ab \'"\\%^&|<>(){}[]*?!~;=\té€😀']
    for (let n = 0; n < 500; n++) {
      const text = Array.from(
        { length: Math.floor(random() * 12) },
        () => characters[Math.floor(random() * characters.length)],
      ).join('')
      const withLine = n % 3 === 0 ? `${text}\n${text}` : text
      assert.deepEqual(words(`curl ${caretQuoted(withLine)} ^\n  -k`), [['curl', withLine, '-k']])
    }
  })

  it('keep single backslashes of a line that no browser wrote', () => {
    assert.deepEqual(words('curl.exe --cacert C:\\ca.pem "D:\\a b\\\\"'), [
      ['curl.exe', '--cacert', 'C:\\ca.pem', 'D:\\a b\\'],
    ])
  })

  it('are of several commands', () => {
    assert.deepEqual(words('curl ^"a^&^" &\n\ncurl "b&c" & echo d'), [
      ['curl', 'a&'],
      ['curl', 'b&c'],
      ['echo', 'd'],
    ])
  })
})
