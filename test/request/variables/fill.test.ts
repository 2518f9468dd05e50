import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { REQUEST_BUILT_INS } from '../../../src/request/variables/built-ins.ts'
import { Filling } from '../../../src/request/variables/fill.ts'
import { placeholdersIn } from '../../../src/request/variables/placeholders.ts'
import type { ScopeSources, VariableScope } from '../../../src/request/variables/scope.ts'
import { MessageTemplates } from '../../../src/request/variables/templates.ts'
import type { Answers } from '../../../src/request/variables/variables.ts'
import { expand, type TemplateScope } from '../../../src/shared/compose/template.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { assertLinear } from '../../support/linear.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { environmentsOf, folderWith, NO_ANSWERS, requestAt, scopeOf } from './disk.ts'

const TEMPLATE: TemplateScope = {
  variables: {},
  now: new Date(1_795_420_800_123),
  counter: 7,
  random: () => 0.5,
  uuid: () => 'the-uuid',
}

const ANSWERS: Answers = {
  secret: async (name) => `secret ${name}`,
  prompt: async (question) => `answer to ${question}`,
  token: async ({ name }) => `token of ${name}`,
  processEnv: (name) => (name === 'HOME' ? '/home/ada' : undefined),
}

function filling(file: string, sources: Partial<ScopeSources> = {}, answers = ANSWERS): Filling {
  return new Filling(scopeOf(file, sources), answers, TEMPLATE)
}

async function failureOf(text: string, scope: VariableScope, answers = NO_ANSWERS): Promise<Failure> {
  try {
    await new Filling(scope, answers).fill(text)
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
  }
  return assert.fail(`${text} was filled`)
}

describe('filling a text', () => {
  afterEach(removeTempDirs)

  for (const [text, expected] of [
    ['', ''],
    ['{{room}}/{{ room }}', 'dev/dev'],
    ['{{$uuid}} {{$guid}} {{$random.uuid}} {{$random.uuid()}}', 'the-uuid the-uuid the-uuid the-uuid'],
    ['{{$timestamp}} {{$timestamp s}} {{$timestamp ms}}', '1795420800 1795420800 1795420800123'],
    ['{{$timestamp -1 d}} {{$timestamp 1 M}}', '1795334400 1798012800'],
    ['{{$isoTimestamp}} {{$datetime iso8601}}', '2026-11-23T08:00:00.123Z 2026-11-23T08:00:00.123Z'],
    ['{{$datetime rfc1123}}', 'Mon, 23 Nov 2026 08:00:00 GMT'],
    [
      '{{$datetime iso8601 3 M}} {{$datetime iso8601 -1 y}}',
      '2027-02-23T08:00:00.123Z 2025-11-23T08:00:00.123Z',
    ],
    ['{{$randomInt 1 6}} {{$random.integer(1, 7)}} {{$random.float(0,1)}}', '4 4 0.5'],
    ['{{$random.alphabetic(3)}} {{$random.hexadecimal(2)}}', 'aaa 88'],
    ['{{$random.email}}', 'nnnnnnnn@example.com'],
    ['{{$counter}} {{$braces}}x}} <{{$empty}}>', '7 {{x}} <>'],
    ['{{$processEnv HOME}} {{$env.HOME}}', '/home/ada /home/ada'],
    ['{{$secret TOKEN}} {{$prompt Who are you?}}', 'secret TOKEN answer to Who are you?'],
    ['{{$input Name $value: ada}} {{$password PIN}}', 'answer to Name answer to PIN'],
    // Values are as they are, also in JSON and URLs.
    ['{"a": "{{quote}}"} ws://x/?q={{quote}}', '{"a": "a "b" {{room}}"} ws://x/?q=a "b" {{room}}'],
    // Other tools evaluate these as expressions.
    [
      '{{}} {{1 + 1}} {{room.length + 1}} {{room x}} {{\nroom}}',
      '{{}} {{1 + 1}} {{room.length + 1}} {{room x}} {{\nroom}}',
    ],
    ['{{{room}}} {{room', '{dev} {{room'],
  ] as const)
    it(`makes ${JSON.stringify(expected)} of ${JSON.stringify(text)}`, async () => {
      const filled = await filling('@room = dev', { given: { quote: 'a "b" {{room}}' } }).fill(text)
      assert.equal(filled.text, expected)
    })

  it('keeps the last day of a month in a shorter month', async () => {
    const template = { ...TEMPLATE, now: new Date('2026-01-31T00:00:00Z') }
    const { text } = await new Filling(scopeOf(''), ANSWERS, template).fill('{{$datetime iso8601 1 M}}')
    assert.equal(text, '2026-02-28T00:00:00.000Z')
  })

  it('has one value of a variable, and asks each question once', async () => {
    const asked: string[] = []
    const answers = {
      ...ANSWERS,
      prompt: async (question: string) => `${question}${asked.push(question)}`,
    }
    const once = new Filling(
      scopeOf('@id = {{$uuid}}-{{$random.alphanumeric(20)}}\n@who = {{$prompt Who?}}'),
      answers,
    )
    const [one, other] = [
      await once.fill('{{id}} {{who}} {{$prompt Who?}}'),
      await once.fill('{{id}} {{who}} {{ $prompt  Who? }}'),
    ]
    assert.equal(one.text, other.text)
    assert.deepEqual(asked, ['Who?'])
    assert.match(one.text, / Who\?1 Who\?1$/)
  })

  it('remembers the text with the placeholders of secrets as they are written', async () => {
    const root = folderWith({
      'http-client.private.env.json': '{"dev":{"key":"k-123","url":"ws://{{host}}/{{key}}"}}',
      'http-client.env.json': '{"dev":{"auth":"Bearer {{$secret T}}"}}',
      '.env': 'API_TOKEN=from dotenv\nhost=h',
    })
    const sources = { environments: await environmentsOf(root), environment: 'dev' }
    const filled = filling('@room = dev\n@my_token = public', sources)
    const text =
      '{{room}} {{key}} {{auth}} {{url}} {{API_TOKEN}} {{$secret T}} {{my_token}} {{host}} {{$password P}}'
    const { text: used, remembered } = await filled.fill(text)
    assert.equal(used, 'dev k-123 Bearer secret T ws://h/k-123 from dotenv secret T public h answer to P')
    assert.equal(
      remembered,
      'dev {{key}} Bearer {{$secret T}} {{url}} {{API_TOKEN}} {{$secret T}} {{my_token}} h {{$password P}}',
    )
    assert.deepEqual(Object.fromEntries(filled.secrets), {
      'k-123': '{{key}}',
      'ws://h/k-123': '{{url}}',
      'secret T': '{{$secret T}}',
      'from dotenv': '{{API_TOKEN}}',
      'answer to P': '{{$password P}}',
    })
  })

  it('has the variable of the .env file, also if another one wins', async () => {
    const root = folderWith({ '.env': 'room=from dotenv' })
    const sources = { environments: await environmentsOf(root) }
    assert.equal(
      (await filling('@room = dev', sources).fill('{{room}} {{$dotenv room}}')).text,
      'dev from dotenv',
    )
  })

  for (const [text, code, sentence] of [
    ['{{roon}}', 'UNKNOWN_VARIABLE', 'There is no variable {{roon}}; did you mean {{room}}?'],
    [
      '{{Room}}',
      'UNKNOWN_VARIABLE',
      'There is no variable {{Room}}; names are case-sensitive, and there is {{room}}.',
    ],
    [
      '{{country}}',
      'UNKNOWN_VARIABLE',
      /; write @country = value in the file, or define it in http-client\.env\.json\.$/,
    ],
    ['{{uses}}', 'UNKNOWN_VARIABLE', /There is no variable \{\{missing\}\}/],
    ['{{a}}', 'VARIABLE_CYCLE', /a → b → a/],
    ['{{$uid}}', 'UNKNOWN_VARIABLE', 'There is no built-in {{$uid}}; did you mean $uuid?'],
    ['{{$nothingLikeIt}}', 'UNKNOWN_VARIABLE', /the built-in ones are \$uuid, /],
    [
      '{{$auth.token("x")}}',
      'UNKNOWN_AUTH',
      'There is no Security.Auth "x"; add it to Security.Auth in http-client.env.json.',
    ],
    ['{{$auth.token(x)}}', 'BAD_VARIABLE', /write \{\{\$auth\.token\("name"\)\}\}/],
    ['{{$auth.header("x")}}', 'UNKNOWN_VARIABLE', /write \{\{\$auth\.token\("name"\)\}\}/],
    [
      '{{$randomInt 6}}',
      'BAD_VARIABLE',
      /^\{\{\$randomInt 6\}\} does not accept these arguments; write \{\{\$randomInt\}\} \(/,
    ],
    ['{{$random.integer(7, 1)}}', 'BAD_VARIABLE', /does not accept/],
    ['{{$random.alphabetic(5000)}}', 'BAD_VARIABLE', /does not accept/],
    ['{{$timestamp 1 x}}', 'BAD_VARIABLE', /does not accept/],
    ['{{$datetime "YYYY"}}', 'BAD_VARIABLE', /does not accept/],
    ['{{$secret}}', 'BAD_VARIABLE', /write \{\{\$secret NAME\}\}/],
    ['{{$secret A B}}', 'BAD_VARIABLE', /write \{\{\$secret NAME\}\}/],
    ['{{$processEnv NOT_SET}}', 'UNKNOWN_VARIABLE', /no variable NOT_SET/],
    ['{{$dotenv NOT_SET}}', 'UNKNOWN_VARIABLE', /no variable NOT_SET in a \.env file/],
    ['{{masked}}', 'MASKED_VALUE', /^The variable masked contains \*\*\*.*\{\{\$secret NAME\}\}/],
  ] as const)
    it(`says what is wrong with ${text}`, async () => {
      const failure = await failureOf(
        text,
        scopeOf('@room = dev\n@uses = {{missing}}\n@a = {{b}}\n@b = {{a}}\n@masked = Bearer ***'),
      )
      assert.equal(failure.code, code)
      if (typeof sentence === 'string') assert.equal(failure.message, sentence)
      else assert.match(failure.message, sentence)
    })

  describe('with tokens of OAuth 2', () => {
    const API = {
      Type: 'OAuth2',
      'Grant Type': 'Client Credentials',
      'Token URL': 'https://{{host}}/token',
      'Client ID': 'service',
      'Client Secret': '{{$secret KEY}}',
    }

    async function scopeWith(text: string, api: object = API, answers: Record<string, string> = {}) {
      const root = folderWith({
        'http-client.env.json': JSON.stringify({ $shared: { Security: { Auth: { api } } } }),
      })
      return scopeOf(text, { environments: await environmentsOf(root), answers })
    }

    it('asks for them with the settings filled, and keeps them secret', async () => {
      const scope = await scopeWith('@host = id.example\n@bearer = Bearer {{$auth.token("api")}}')
      const asked: unknown[] = []
      const filling = new Filling(scope, {
        ...ANSWERS,
        token: async (source) => {
          asked.push(source)
          return `token ${asked.length}`
        },
      })
      assert.equal((await filling.fill('{{bearer}} {{$auth.token("api")}}')).text, 'Bearer token 1 token 1')
      const settings = { ...API, 'Token URL': 'https://id.example/token', 'Client Secret': 'secret KEY' }
      assert.deepEqual(asked, [{ name: 'api', settings }])
      assert.equal((await filling.fill("{{$auth.idToken('api')}}")).text, 'token 2')
      assert.deepEqual(asked[1], { name: 'api', settings: { ...settings, 'Use ID Token': 'true' } })
      assert.deepEqual([...filling.secrets.keys()], ['secret KEY', 'token 1', 'token 2'])
    })

    it('leaves them to each attempt, also in variables', async () => {
      const scope = await scopeWith('@host = id.example\n@bearer = Bearer {{$auth.token("api")}}')
      const filling = new Filling(scope, { ...NO_ANSWERS, secret: ANSWERS.secret })
      const written = '{{$auth.token("api")}}'
      assert.deepEqual(await filling.fill('{{bearer}}', 'each-attempt'), {
        text: `Bearer ${written}`,
        remembered: '{{bearer}}',
      })
      assert.deepEqual([...filling.tokens.keys()], [written])
      assert.equal(filling.tokens.get(written)?.settings['Token URL'], 'https://id.example/token')
    })

    it('does not take them from an answer', async () => {
      const scope = await scopeWith('', API, { answer: '{{$auth.token("api")}}' })
      const failure = await failureOf('{{answer}}', scope)
      assert.equal(failure.code, 'BAD_VARIABLE')
      assert.match(failure.message, /^The variable answer contains a placeholder of a token/)
    })

    for (const [change, sentence] of [
      [{ 'Token URL': '' }, '"Token URL" is missing; add it.'],
      [{ 'Token URL': 'ftp://id.example/' }, '"Token URL" is not an http: or https: URL.'],
      [{ 'Grant Type': 'Password' }, '"Username" is missing; add it.'],
      [{ 'Grant Type': 'Device Authorization' }, '"Device Auth URL" is missing; add it.'],
      [{ 'Client ID': '' }, '"Client ID" is missing; add it.'],
    ] as const)
      it(`says that ${sentence}`, async () => {
        const failure = await failureOf(
          '{{$auth.token("api")}}',
          await scopeWith('@host = h', { ...API, ...change }),
          {
            ...ANSWERS,
          },
        )
        assert.equal(failure.message, `Security.Auth "api" cannot be used: ${sentence}`)
      })
  })

  it('refuses a secret that was masked', async () => {
    const failure = await failureOf('{{$secret T}}', scopeOf(''), { ...ANSWERS, secret: async () => '***' })
    assert.equal(failure.code, 'MASKED_VALUE')
  })

  it('says which environments have a variable', async () => {
    const root = folderWith({ 'http-client.env.json': '{"dev":{"host":"h"},"prod":{"a":1}}' })
    const environments = await environmentsOf(root)
    assert.match(
      (await failureOf('{{host}}', scopeOf('', { environments }))).message,
      /; choose an environment that defines it: dev\.$/,
    )
    assert.match(
      (await failureOf('{{host}}', scopeOf('', { environments, environment: 'prod' }))).message,
      /; the environment prod does not define it, but dev does\.$/,
    )
  })

  it('says which request sets a variable', async () => {
    const scope = scopeOf('# @name login\n# @set token = $.token\nWEBSOCKET ws://x/\n\n###\n')
    assert.match(
      (await failureOf('{{token}}', scope)).message,
      /an answer to the request "login" sets it .*run that first\.$/,
    )
  })

  it('passes on why a question was not answered', async () => {
    const cancelled = new Failure('CANCELLED', 'Canceled.')
    const answers = { ...ANSWERS, prompt: () => Promise.reject(cancelled) }
    await assert.rejects(new Filling(scopeOf(''), answers).fill('{{$prompt Who?}}'), cancelled)
  })

  it('ends if the text becomes too large', async () => {
    const scope = scopeOf('', { given: { x: 'x'.repeat(1_000_000) } })
    assert.equal((await failureOf('{{x}}'.repeat(200), scope)).code, 'TOO_LARGE')
  })

  it('describes each built-in once, by something that it accepts', async () => {
    const names = REQUEST_BUILT_INS.map(({ name }) => name)
    assert.deepEqual(names, [...new Set(names)])
    for (const { name, usages, mean } of REQUEST_BUILT_INS)
      for (const [written] of usages) {
        const [placeholder] = placeholdersIn(written)
        assert.equal(placeholder?.name, name)
        assert.ok(mean(placeholder?.args ?? '', TEMPLATE) !== undefined, written)
      }
  })

  it('finds placeholders in time in proportion to the text', () => {
    for (const unit of ['{{', '{{a', '{{$a ', '{{ ', '{{$a(', '{{a}}', '}}{{'])
      assertLinear(unit, (size) => unit.repeat(size / unit.length), placeholdersIn, 256 * 1024)
  })
})

describe('a message that is filled when it is sent', () => {
  /** Pieces of texts that could form placeholders with each other. */
  const PIECES = [
    '{',
    '{{',
    '}}',
    '}',
    'a',
    'b',
    '{{a}}',
    '{{b}}',
    '{{$uuid}}',
    '{{$guid}}',
    ' ',
    '"',
    '$',
    '{{$secret S}}',
    '{{a x}}',
    '{{late}}',
    '{{$braces}}',
    '{{$empty}}',
    '{a}}',
  ]

  /** What filling gives, or the code of its failure. */
  async function outcome(fill: () => Promise<string>): Promise<string> {
    try {
      return `text ${await fill()}`
    } catch (thrown) {
      if (thrown instanceof Failure) return `failure ${thrown.code}`
      throw thrown
    }
  }

  it('is what filling it at once gives, whatever the values are', async () => {
    const random = seededRandom(14)
    const some = () => {
      const pieces = Array.from({ length: 1 + Math.floor(random() * 6) }, () => random() * PIECES.length)
      return pieces.map((at) => PIECES[Math.floor(at)]).join('')
    }
    let texts = 0
    for (let round = 0; round < 3000; round++) {
      const [before, a, b, late, secret] = [some(), some(), some(), some(), some()]
      const text = `${before}{{c}}`
      const file = `@c = ${some()}\n# @set late = $.x\nWEBSOCKET ws://x/\n`
      const parsed = parseRequestFile(file)
      const request = requestAt(parsed)
      const answers = { ...ANSWERS, secret: async () => secret }
      const atOnce = await outcome(
        async () => (await filling(file, { given: { a, b, late } }, answers).fill(text)).text,
      )
      const whenSent = await outcome(async () => {
        const scope = scopeOf(file, { parsed, request, given: { a, b } })
        const templates = new MessageTemplates(new Filling(scope, answers, TEMPLATE))
        const template = await templates.template(text)
        return expand(template, { ...TEMPLATE, variables: { ...templates.variables, late } })
      })
      assert.equal(whenSent, atOnce, JSON.stringify({ text, a, b, late, secret, file }))
      if (atOnce.startsWith('text')) texts++
    }
    assert.ok(texts > 1000, `${texts} texts`)
  })

  it('keeps placeholders of variables that it sets itself, also inside others', async () => {
    const file = '@who = {{name}}@{{token}}\n@name = ada\n# @set token = $.token\nWEBSOCKET ws://x/\n'
    const parsed = parseRequestFile(file)
    const template = async (sources: Partial<ScopeSources>) => {
      const scope = scopeOf(file, { parsed, request: requestAt(parsed), ...sources })
      const templates = new MessageTemplates(new Filling(scope, ANSWERS, TEMPLATE))
      return [await templates.template('{{who}} {{token}} {{$timestamp}}'), templates.variables]
    }
    assert.deepEqual(await template({}), [
      '{{name}}{{_1}}{{token}} {{token}} {{$timestamp s}}',
      { name: 'ada', _1: '@' },
    ])
    assert.deepEqual(await template({ answers: { token: 'old' } }), [
      '{{name}}{{_1}}{{token}} {{token}} {{$timestamp s}}',
      { name: 'ada', _1: '@', token: 'old' },
    ])
    // What is given on the command line wins over an answer.
    assert.deepEqual(await template({ given: { token: 'given' } }), [
      '{{who}} {{token}} {{$timestamp s}}',
      { who: 'ada@given', token: 'given' },
    ])
  })
})
