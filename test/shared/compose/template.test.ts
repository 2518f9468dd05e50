import assert from 'node:assert/strict'
import { checkMessage, composeMessage } from '../../../src/shared/compose/compose.ts'
import {
  BUILT_IN_HELP,
  escapeTemplate,
  expand,
  markPlaceholders,
  placeholders,
  scopeNow,
  standIns,
  type TemplateScope,
} from '../../../src/shared/compose/template.ts'
import { processorTime } from '../../support/linear.ts'

const scope: TemplateScope = {
  variables: { symbol: 'ACME', quote: 'a "b"\n', nested: '{{symbol}}', size: '300', 'a.b-c': 'x' },
  now: new Date(1_795_420_800_123),
  counter: 7,
  random: () => 0.5,
  uuid: () => 'the-uuid',
}

function sent(format: 'text' | 'json' | 'hex' | 'base64', text: string): string {
  return Buffer.from(composeMessage({ format, text }, scope).payload).toString()
}

describe('placeholders in a message', () => {
  for (const [template, expected] of [
    ['', ''],
    ['no braces { } }} here', 'no braces { } }} here'],
    ['{{symbol}}', 'ACME'],
    ['<{{ symbol }}|{{symbol}}>', '<ACME|ACME>'],
    ['{{a.b-c}}', 'x'],
    ['{{{symbol}}}', '{ACME}'],
    ['{{$uuid}}', 'the-uuid'],
    ['{{$timestamp}}', '2026-11-23T08:00:00.123Z'],
    ['{{$timestamp ms}} {{$timestamp  s}}', '1795420800123 1795420800'],
    ['{{$counter}}/{{$counter}}', '7/7'],
    ['{{$randomInt}} {{$randomInt 1 6}} {{$randomInt -4 -4}}', '500 4 -4'],
    ['{{$braces}}symbol}}', '{{symbol}}'],
    ['a{{$char 13 10}}{{$char 128512}}{{$char 0}}', 'a\r\n😀\0'],
    ['{{$empty}}### a', '### a'],
    // Outside of JSON, quotes have no special meaning.
    ['"{{quote}}"', '"a "b"\n"'],
    // Values are not expanded again.
    ['{{nested}}', '{{symbol}}'],
    // Not a placeholder, so it stays: a name begins with a letter, and is on one line.
    ['{{}} {{1}} {{a b c!}} {{\nsymbol}} {{symbol', '{{}} {{1}} {{a b c!}} {{\nsymbol}} {{symbol'],
  ] as const)
    it(`expand ${JSON.stringify(template)} to ${JSON.stringify(expected)}`, () => {
      assert.equal(expand(template, scope), expected)
    })

  for (const [template, code, sentence] of [
    [
      '{{symbl}}',
      'UNKNOWN_VARIABLE',
      /^There is no variable \{\{symbl\}\}; define it under Variables, or write/,
    ],
    ['{{constructor}}', 'UNKNOWN_VARIABLE', /There is no variable/],
    ['{{__proto__}}', 'UNKNOWN_VARIABLE', /There is no variable/],
    ['{{symbol x}}', 'UNKNOWN_VARIABLE', /There is no variable \{\{symbol x\}\}/],
    [
      '{{$guid}}',
      'UNKNOWN_VARIABLE',
      /There is no built-in \{\{\$guid\}\}; the built-in ones are \$uuid, \$timestamp/,
    ],
    ['{{$toString}}', 'UNKNOWN_VARIABLE', /There is no built-in/],
    ['{{$timestamp min}}', 'BAD_VARIABLE', /write \{\{\$timestamp\}\} \(.+\) or \{\{\$timestamp ms\}\}/],
    ['{{$randomInt 6 1}}', 'BAD_VARIABLE', /does not accept these arguments; write/],
    ['{{$randomInt 6}}', 'BAD_VARIABLE', /does not accept these arguments/],
    ['{{$uuid 4}}', 'BAD_VARIABLE', /does not accept these arguments/],
    ['{{$char}}', 'BAD_VARIABLE', /does not accept these arguments/],
    ['{{$char 55296}}', 'BAD_VARIABLE', /does not accept these arguments/],
    ['{{$char 1114112}}', 'BAD_VARIABLE', /does not accept these arguments/],
    ['{{$char 0x20}}', 'BAD_VARIABLE', /does not accept these arguments/],
    ['{{$empty 1}}', 'BAD_VARIABLE', /does not accept these arguments/],
  ] as const)
    it(`reject ${template} with a sentence`, () => {
      assert.throws(
        () => expand(template, scope),
        (thrown: unknown) => {
          assert.ok(thrown instanceof Error && 'code' in thrown)
          assert.equal(thrown.code, code)
          assert.match(thrown.message, sentence)
          assert.match(thrown.message, /\.$/)
          return true
        },
      )
    })

  it('document exactly the built-in ones', () => {
    for (const [placeholder] of BUILT_IN_HELP) assert.notEqual(expand(placeholder, scope), placeholder)
  })

  it('escape values inside JSON strings, and insert them unchanged elsewhere', () => {
    const text = '{"a":"<{{quote}}>","n":{{size}},"e":"\\"{{symbol}}"}'
    assert.deepEqual(JSON.parse(sent('json', text)), { a: '<a "b"\n>', n: 300, e: '"ACME' })
  })

  it('are reported if a value makes the JSON invalid', () => {
    assert.throws(() => sent('json', '{"a":{{symbol}}}'), {
      code: 'BAD_JSON',
      message: /^The message with its variables filled in is not valid JSON: there is "A" at character 6;/,
    })
  })

  it('are filled before hex and base64 are decoded', () => {
    const hex = composeMessage({ format: 'hex', text: '01 {{size}}0' }, scope)
    assert.deepEqual([...hex.payload], [1, 0x30, 0x00])
    assert.equal(sent('base64', '{{symbol}}'), Buffer.from('ACME', 'base64').toString())
  })

  it('have no special meaning without a scope', () => {
    const { payload } = composeMessage({ format: 'text', text: '{{symbol}}' })
    assert.equal(Buffer.from(payload).toString(), '{{symbol}}')
  })

  it('are checked while typed, with errors at the typed position', () => {
    const check = (text: string) => checkMessage({ format: 'json', text }, scope.variables)
    check('{"id":"{{$uuid}}","n":{{$counter}},"s":"{{symbol}}"}')
    assert.throws(() => check('{"id":"{{$uuid}}",}'), { message: /there is "}" at character 19;/ })
    assert.throws(() => check('{"id":{{nope}}}'), { code: 'UNKNOWN_VARIABLE' })
  })

  it('keep positions if they are replaced by values of the same length', () => {
    const text = '{"a":"x{{b}}y","c":{{$counter}}}'
    assert.equal(standIns(text).length, text.length)
    assert.deepEqual(JSON.parse(standIns(text)), { a: 'xxxxxxy', c: 111_111_111_111 })
  })

  it('are restored after their JSON is formatted, whatever digits are next to them', () => {
    for (const text of ['{"a":1000000{{b}}}', '["{{a}}1000000{{b}}"]', '[{{a}},"10{{b}}00"]']) {
      const found = markPlaceholders(text) ?? assert.fail(text)
      JSON.parse(found.marked)
      assert.equal(found.restore(found.marked), text)
    }
  })

  it('can be escaped, so that any text can be sent', () => {
    for (const text of ['{{symbol}}', '{{{$uuid}}} {{', '{{$braces}}', 'plain', '{{ {{nested}} }}'])
      assert.equal(expand(escapeTemplate(text), scope), text)
  })

  it('are found without catastrophic backtracking', () => {
    const text = `{{a${' '.repeat(100_000)}`.repeat(3)
    const taken = processorTime(() => assert.deepEqual(placeholders(text), []))
    assert.ok(taken < 2000, `${taken} ms`)
  })

  it('cannot make a message too large', () => {
    const large = { ...scope, variables: { big: 'x'.repeat(1 << 20) } }
    assert.throws(() => expand('{{big}}'.repeat(129), large), { code: 'TOO_LARGE' })
  })

  it('have new values in the scope of now', () => {
    const [first, second] = [scopeNow({}, 1), scopeNow({}, 1)]
    assert.notEqual(expand('{{$uuid}}', first), expand('{{$uuid}}', second))
    assert.match(expand('{{$uuid}}', first), /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)
  })
})
