/** The colors of `.http` files, as VS Code's own engine computes them, alone and beside another extension's grammar. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import oniguruma from 'vscode-oniguruma'
import textmate from 'vscode-textmate'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const OWN = {
  'source.http.realtime': 'syntaxes/http.tmLanguage.json',
  'http.realtime.injection': 'syntaxes/http-injection.tmLanguage.json',
}
const OTHER = { 'source.http': 'test/fixtures/http-extension/http.tmLanguage.json' }

/** A grammar of JSON with strings, which is enough to see where it is embedded. */
const JSON_GRAMMAR = {
  scopeName: 'source.json',
  patterns: [
    { begin: '"', end: '"', name: 'string.quoted.double.json' },
    { match: '[^\\s{}\\[\\]:,"\\w]', name: 'invalid.illegal.json' },
  ],
}

/** As VS Code: an injection into `a.b` is also one into `a.b.c`. */
function registryOf(files: Readonly<Record<string, string>>): textmate.Registry {
  return new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      if (scope === 'source.json') return textmate.parseRawGrammar(JSON.stringify(JSON_GRAMMAR), 'json.json')
      const file = files[scope]
      return file === undefined
        ? null
        : textmate.parseRawGrammar(readFileSync(join(ROOT, file), 'utf8'), file)
    },
    getInjections: (scope) => (/^source\.http(\.|$)/.test(scope) ? ['http.realtime.injection'] : []),
  })
}

/** The innermost scope of each token that has one besides those of its line, as `text → scope`. */
async function colors(registry: textmate.Registry, scope: string, lines: readonly string[]) {
  const grammar = (await registry.loadGrammar(scope)) ?? assert.fail(scope)
  let stack = textmate.INITIAL
  return lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack)
    stack = ruleStack
    return tokens.flatMap(({ startIndex, endIndex, scopes }) => {
      const inner = scopes.slice(1).findLast((each) => !/^(?:meta|http\.)/.test(each)) ?? ''
      const text = line.slice(startIndex, endIndex).trim()
      return text === '' || inner === '' ? [] : [`${text} → ${inner.split('.').slice(0, 2).join('.')}`]
    })
  })
}

const FILE = [
  '# The shop app.',
  '@room = dev',
  '### Chat room',
  '# @name chat',
  'WEBSOCKET wss://{{host}}/chat?room={{room}}',
  'Authorization: Bearer {{$secret CHAT_TOKEN}}',
  '',
  '{ "join": "{{room}}" }',
  '=== wait-for-server',
  '{ "open": ',
  '===',
  '<@ ./explain.json',
  '?? kind:ack within 2s',
  '### Next',
  'GET https://localhost/',
  'Accept: text/event-stream',
]

describe('the grammar', () => {
  before(async () => {
    const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')
    await oniguruma.loadWASM(new Uint8Array(readFileSync(wasm)).buffer)
  })

  it('colors what a request says', async () => {
    assert.deepEqual(await colors(registryOf(OWN), 'source.http.realtime', FILE), [
      ['# The shop app. → comment.line'],
      ['@room → variable.other', '= → keyword.operator', 'dev → string.unquoted'],
      ['### Chat room → strong.title'],
      ['# → comment.line', '@name → comment.line', 'chat → variable.other'],
      ['WEBSOCKET → keyword.control', '{{host}} → constant.numeric', '{{room}} → constant.numeric'],
      [
        'Authorization → variable.other',
        ': → punctuation.separator',
        'Bearer → string.unquoted',
        '{{$secret CHAT_TOKEN}} → constant.numeric',
      ],
      [],
      [
        '" → string.quoted',
        'join → string.quoted',
        '" → string.quoted',
        '" → string.quoted',
        '{{room}} → constant.numeric',
        '" → string.quoted',
      ],
      ['=== wait-for-server → keyword.control'],
      ['" → string.quoted', 'open → string.quoted', '" → string.quoted'],
      ['=== → keyword.control'],
      ['<@ → keyword.control', './explain.json → markup.underline'],
      ['?? → keyword.other'],
      ['### Next → strong.title'],
      ['GET → keyword.control'],
      ['Accept → variable.other', ': → punctuation.separator', 'text/event-stream → string.unquoted'],
    ])
  })

  it('leaves to another grammar of the language what that one knows, and adds the rest', async () => {
    const registry = registryOf({ ...OWN, ...OTHER })
    const lines = await colors(registry, 'source.http.realtime', FILE)
    const alone = await colors(registry, 'source.http', FILE)
    for (const line of [14, 15]) assert.deepEqual(lines[line], alone[line])
    assert.deepEqual(lines[4]?.[0], 'WEBSOCKET → keyword.control')
    assert.deepEqual(lines[14], ['GET → keyword.control'])
    assert.match(lines[15]?.[0] ?? '', /^Accept → entity.name/)
  })

  it('colors what is ours in the other grammar, whichever of the two VS Code takes', async () => {
    for (const scope of ['source.http.realtime', 'source.http']) {
      const lines = await colors(registryOf({ ...OWN, ...OTHER }), scope, FILE)
      assert.deepEqual(lines[8], ['=== wait-for-server → keyword.control'], scope)
      assert.match(lines[12]?.[0] ?? '', /^\?\? → keyword.other/, scope)
    }
  })

  it('stays in a request with unclosed brackets and quotes only until the next one', async () => {
    const lines = await colors(registryOf(OWN), 'source.http.realtime', [
      'POST http://localhost',
      '',
      '{ "a": [ "',
      '### B',
      'WS ws://localhost',
    ])
    assert.deepEqual(lines.slice(3), [['### B → strong.title'], ['WS → keyword.control']])
  })
})
