import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import type { Problem } from '../../../src/request/file/request-file.ts'
import { effectProblems, protocolProblems, variableProblems } from '../../../src/request/language/problems.ts'
import { VariableScope } from '../../../src/request/variables/scope.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'

function scopeOf(text: string) {
  const parsed = parseRequestFile(text)
  return { parsed, scope: new VariableScope({ file: '/a.http', parsed, given: { host: 'localhost' } }) }
}

/** Each problem as the text that it marks, and its code. */
function marks(text: string, problems: readonly Problem[]): string[] {
  return problems.map(({ start, end, code }) => `${text.slice(start, end)} ${code}`)
}

function unknown(text: string): string[] {
  const { parsed, scope } = scopeOf(text)
  return marks(text, variableProblems(parsed, scope))
}

describe('problems of variables', () => {
  it('mark each placeholder that nothing fills', () => {
    assert.deepEqual(unknown('@a = 1\nWS ws://{{host}}/{{a}}/{{b}}?x={{c}}\nX: {{b}}'), [
      '{{b}} UNKNOWN_VARIABLE',
      '{{c}} UNKNOWN_VARIABLE',
      '{{b}} UNKNOWN_VARIABLE',
    ])
  })

  it('say what was probably meant', () => {
    const { parsed, scope } = scopeOf('WS ws://{{hots}}')
    assert.match(variableProblems(parsed, scope)[0]?.message ?? '', /did you mean \{\{host\}\}\?/)
  })

  it('do not mark what a message sets, in this request or another one', () => {
    assert.deepEqual(unknown('### A\n# @set t = $.t\nWS ws://a\n\n{{t}}\n### B\nWS ws://a/{{t}}'), [])
  })

  it('mark built-in placeholders that do not exist or have wrong arguments', () => {
    assert.deepEqual(unknown('WS ws://a/{{$uuid}}/{{$nothing}}/{{$randomInt x}}/{{$secret}}/{{$secret A}}'), [
      '{{$nothing}} UNKNOWN_VARIABLE',
      '{{$randomInt x}} BAD_VARIABLE',
      '{{$secret}} BAD_VARIABLE',
    ])
  })

  it('mark variables that use each other', () => {
    assert.deepEqual(unknown('@a = {{b}}\n@b = {{a}}\nWS ws://a'), ['a VARIABLE_CYCLE', 'b VARIABLE_CYCLE'])
  })

  it('do not mark comments', () => {
    assert.deepEqual(unknown('# {{a}}\n// {{b}}\nWS ws://a'), [])
  })
})

describe('problems of options', () => {
  const ofOptions = (text: string, spec: Omit<ConnectionSpec, 'url'>, problems: typeof effectProblems) => {
    const [request] = parseRequestFile(text).requests
    assert.ok(request)
    return problems(request, { url: 'ws://a', ...spec })
  }

  it('mark those without an effect on the connection', () => {
    const text = '# @option interval 5\n# @option timeout 5\nWS ws://a'
    const found = ofOptions(text, { transport: 'websocket', interval: 5, timeout: 5 }, effectProblems)
    assert.deepEqual(marks(text, found), ['interval NO_EFFECT'])
    assert.match(found[0]?.message ?? '', /^interval has no effect here: it is for polling\.$/)
  })

  it('mark options that the protocol does not have', () => {
    const text =
      '# @option protocol mqtt\n# @option protocol-option clientID=a\n# @option protocol-option clientId=a\nWS ws://a'
    const found = ofOptions(text, { protocol: 'mqtt' }, protocolProblems)
    assert.deepEqual(marks(text, found), ['clientID UNKNOWN_OPTION'])
    assert.match(found[0]?.message ?? '', /did you mean clientId\?/)
  })

  it('mark options of a protocol without a protocol', () => {
    const text = '# @option protocol-option clientId=a\nWS ws://a'
    assert.deepEqual(marks(text, ofOptions(text, {}, protocolProblems)), ['protocol-option NO_EFFECT'])
  })
})
