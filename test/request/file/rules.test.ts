import assert from 'node:assert/strict'
import { applyEdits } from '../../../src/request/file/edits.ts'
import { formatRequestFile } from '../../../src/request/file/format.ts'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { printRequest } from '../../../src/request/file/print.ts'
import { variablesSetBy } from '../../../src/request/file/read-rule.ts'
import { replaceRequest } from '../../../src/request/file/replace.ts'
import { writtenKeepAlive, writtenRules } from '../../../src/request/saving/written-rules.ts'

const FILE = `# @on $.type == "ping" => {"type":"pong","id":{{$.id}}}
# @on => @set token = $.token
# @keep-alive 30 s => {"type":"beat"}
WEBSOCKET ws://localhost/

{{token}}
# @on "a => b" => @mark {{user}} came
`

describe('the rules of a request', () => {
  it('are read with their filters and actions, before and after the messages', () => {
    const { requests, problems } = parseRequestFile(FILE)
    const [request = assert.fail('no request')] = requests
    assert.deepEqual(problems, [])
    assert.deepEqual(
      request.rules.map(({ filter, action }) => [filter.text, action.text]),
      [
        ['$.type == "ping"', '{"type":"pong","id":{{$.id}}}'],
        ['', '@set token = $.token'],
        ['"a => b"', '@mark {{user}} came'],
      ],
    )
    for (const { filter, action } of request.rules)
      for (const { text, start, end } of [filter, action]) assert.equal(FILE.slice(start, end), text)
    const [set = assert.fail('nothing is set')] = variablesSetBy(request)
    assert.equal(FILE.slice(set.start, set.end), 'token')
    assert.equal(request.keepAlive?.text, '30 s => {"type":"beat"}')
  })

  it('are problems if they are not valid', () => {
    for (const [line, code, sentence] of [
      ['# @on ping', 'BAD_RULE', /A rule is a filter, an arrow/],
      ['# @on size:big => x', 'BAD_RULE', /The filter of the rule is not valid/],
      ['# @on a => @sett x = $.y', 'BAD_RULE', /There is no action "@sett"/],
      ['# @on a => @set x', 'BAD_RULE', /@set needs a name and a path/],
      ['# @on', 'NO_VALUE', /nothing after @on/],
      ['# @keep-alive x', 'BAD_KEEP_ALIVE', /A keep-alive message is/],
      ['# @keep-alive 1 ms => x', 'BAD_KEEP_ALIVE', /from 100 to/],
      ['# @keep-alive', 'NO_VALUE', /nothing after @keep-alive/],
    ] as const) {
      const { problems } = parseRequestFile(`${line}\nWS ws://a\n`)
      assert.equal(problems[0]?.code, code, line)
      assert.match(problems[0]?.message ?? '', sentence)
    }
    assert.deepEqual(
      parseRequestFile('# @on type:{{t}} => x\n# @keep-alive {{n}} => x\nWS ws://a').problems,
      [],
    )
  })

  it('keep what they say if the file is formatted', () => {
    const loose = '#   @on   a  =>   b\n# @keep-alive   30 s => x\nWS ws://a\n'
    const text = applyEdits(loose, formatRequestFile(loose))
    assert.equal(text, '# @on a  =>   b\n# @keep-alive 30 s => x\nWS ws://a\n')
  })

  it('are printed as they read back', () => {
    const rules = writtenRules({
      rules: [
        { filter: 'a', text: '{{$timestamp}} {{$timestamp s}} {{$.id}}', count: 1 },
        { filter: 'type:{{t}}', text: '{{user}}', count: 0, isFromFile: true, ended: 'Off.' },
        { filter: 'c', text: 'gone', count: 0, ended: 'The rule is switched off.' },
      ],
    })
    const keepAlive = writtenKeepAlive({ keepAlive: { text: 'beat', interval: 1500, sent: 0 } }) ?? ''
    const text = printRequest({ name: 'a', spec: { url: 'ws://a/' }, rules, keepAlive })
    assert.match(text, /^# @on a => \{\{\$isoTimestamp\}\} \{\{\$timestamp\}\} \{\{\$\.id\}\}$/m)
    const [request = assert.fail('no request')] = parseRequestFile(text).requests
    assert.deepEqual(
      request.rules.map(({ filter, action }) => `${filter.text} => ${action.text}`),
      rules,
    )
    assert.equal(request.keepAlive?.text, '1500 ms => beat')
  })

  it('are added and removed by an update, and what stays is not touched', () => {
    const text = '# @on a   => 1\n# @on b => 2\n# Note.\nWEBSOCKET ws://a/\n\nhello\n'
    const spec = { url: 'ws://a/' }
    const steps = [{ kind: 'send', message: { format: 'text', text: 'hello' } }] as const
    const updated = (rules: readonly string[]) =>
      applyEdits(text, replaceRequest(text, 0, { spec, steps, rules }, { spec, steps }))
    assert.equal(
      updated(['a => 1', 'c => @mark 3']),
      '# @on a   => 1\n# @on c => @mark 3\n# Note.\nWEBSOCKET ws://a/\n\nhello\n',
    )
    assert.equal(updated([]), '# Note.\nWEBSOCKET ws://a/\n\nhello\n')
    const none = '### A\nWEBSOCKET ws://a/\n'
    assert.equal(
      applyEdits(none, replaceRequest(none, 0, { spec, rules: ['a => 1'] }, { spec })),
      '### A\n# @on a => 1\nWEBSOCKET ws://a/\n',
    )
  })
})
