import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { newEnvironmentFile, variableInsertion } from '../../../src/request/language/environment-edits.ts'
import { nearReplacement, variableLineOffset } from '../../../src/request/language/fixes.ts'
import { literalSecrets } from '../../../src/request/language/literal-secrets.ts'
import { readEnvironmentFile } from '../../../src/request/variables/environment-file.ts'

describe('the nearest name', () => {
  for (const [text, code, expected] of [
    ['# @option timeot 5\nWS ws://a', 'UNKNOWN_OPTION', 'timeout'],
    ['# @nmae a\nWS ws://a', 'UNKNOWN_OPTION', 'name'],
    ['# @expct status == 101\nWS ws://a', 'UNKNOWN_OPTION', 'expect'],
    ['WEBSOKET ws://a', 'UNKNOWN_METHOD', 'WEBSOCKET'],
    ['# @option nothing-like-it 5\nWS ws://a', 'UNKNOWN_OPTION', undefined],
  ] as const)
    it(`is offered for ${JSON.stringify(text)}`, () => {
      const file = parseRequestFile(text)
      const problem = file.problems.find((each) => each.code === code) ?? assert.fail(code)
      assert.equal(nearReplacement(file, problem)?.text, expected)
    })
})

describe('the line for a new variable', () => {
  for (const [text, before] of [
    ['# A\n@a = 1\n\n### B\nWS ws://a', '\n### B'],
    ['# A\n\n### B\nWS ws://a', '### B'],
    ['WS ws://a', 'WS ws://a'],
    ['### B\nWS ws://a\n### C\n@a = 1\nWS ws://b', '### B'],
    ['', ''],
  ] as const)
    it(`is among those before the first request in ${JSON.stringify(text)}`, () => {
      const offset = variableLineOffset(parseRequestFile(text))
      assert.ok(text.slice(offset).startsWith(before), text.slice(offset))
    })
})

describe('secrets in the text', () => {
  const found = (text: string) => {
    const [request] = parseRequestFile(text).requests
    assert.ok(request)
    return literalSecrets(request).map((secret) => {
      assert.equal(text.slice(secret.start, secret.end), secret.text)
      return [secret.place, secret.text, secret.suggestion]
    })
  }

  it('are found in headers, without the scheme', () => {
    assert.deepEqual(found('WS ws://a\nAuthorization: Bearer abcdef\nX-Api-Key: k1\nAccept: a/b'), [
      ['Authorization', 'abcdef', 'TOKEN'],
      ['X-Api-Key', 'k1', 'API_KEY'],
    ])
  })

  it('are found in the query', () => {
    assert.deepEqual(found('WS ws://a/?room=1&access_token=abc#x'), [['access_token', 'abc', 'ACCESS_TOKEN']])
  })

  it('are not placeholders, masks or empty values', () => {
    assert.deepEqual(
      found('WS ws://a/?token={{t}}&key=***\nAuthorization: Bearer {{$secret A}}\nCookie:\nX-Api-Key: ***'),
      [],
    )
  })
})

describe('a new variable of an environment', () => {
  for (const [text, environment] of [
    ['{}', 'dev'],
    ['{ "dev": {} }', 'dev'],
    ['{ "dev": { "a": "1" } }', 'dev'],
    ['{\n  "dev": {\n    "a": "1"\n  },\n  "prod": {}\n}\n', 'dev'],
    ['{\n  // none yet\n  "dev": {\n    "a": "1" // one\n  }\n}\n', 'dev'],
    ['{\n  "dev": {\n    "a": "1"\n  }\n}\n', 'prod'],
    ['{\n}\n', 'prod'],
  ] as const)
    it(`is added to ${environment} in ${JSON.stringify(text)}`, () => {
      const insertion = variableInsertion(text, environment, 'host') ?? assert.fail()
      const at = insertion.offset
      const edited = text.slice(0, at) + insertion.text + text.slice(at)
      const before = readEnvironmentFile('/e.json', text)
      const after = readEnvironmentFile('/e.json', edited)
      assert.deepEqual(after.problems, [], edited)
      const names = [...(after.environments.get(environment) ?? [])].map(({ name }) => name)
      const own = [...(before.environments.get(environment) ?? [])].map(({ name }) => name)
      assert.deepEqual(names, [...own, 'host'], edited)
    })

  it('is not added to what is not an object', () => {
    assert.equal(variableInsertion('[]', 'dev', 'a'), undefined)
    assert.equal(variableInsertion('{"dev": 1}', 'dev', 'a'), undefined)
    assert.equal(variableInsertion('{', 'dev', 'a'), undefined)
  })

  it('is in a new file', () => {
    const { environments, problems } = readEnvironmentFile('/e.json', newEnvironmentFile('dev', 'host'))
    assert.deepEqual([problems, environments.get('dev')?.[0]?.name], [[], 'host'])
  })
})
