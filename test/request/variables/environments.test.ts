import assert from 'node:assert/strict'
import { join } from 'node:path'
import { readEnvironmentFile } from '../../../src/request/variables/environment-file.ts'
import { authIn, variablesIn } from '../../../src/request/variables/environments.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { environmentsOf, folderWith } from './disk.ts'

const ENVIRONMENT = 'http-client.env.json'
const PRIVATE = 'http-client.private.env.json'

/** The values in an environment by name. */
async function valuesIn(root: string, name?: string, file?: string): Promise<Record<string, string>> {
  const variables = variablesIn(await environmentsOf(root, file), name)
  return Object.fromEntries(variables.map((each) => [each.name, each.value]))
}

/** A file with a member of a configuration of OAuth 2. */
const auth = (member: string) => `{"dev": {"Security": {"Auth": {"x": {${member}}}}}}`

describe('environments', () => {
  afterEach(removeTempDirs)

  it('are named by the files beside the requests, each with its first variables', async () => {
    const root = folderWith({
      [ENVIRONMENT]: JSON.stringify({
        $shared: { version: 'v1' },
        dev: { host: 'localhost:3000', api_key: 'hidden' },
        prod: { host: 'shop.example', room: 'main' },
      }),
      [PRIVATE]: JSON.stringify({ prod: { token: 't' }, mine: { a: 1, b: 2 } }),
    })
    const { names, problems, files } = await environmentsOf(root)
    assert.deepEqual(names, [
      { name: 'dev', description: 'host = localhost:3000' },
      { name: 'prod', description: 'host = shop.example, room = main' },
      { name: 'mine', description: '2 private variables' },
    ])
    assert.deepEqual(problems, [])
    assert.deepEqual(
      files.map(({ source, path }) => [source, path]),
      [
        ['private', join(root, PRIVATE)],
        ['environment', join(root, ENVIRONMENT)],
      ],
    )
  })

  it('are those of the nearest folder above, for each kind of file, up to the root', async () => {
    const root = folderWith({
      [ENVIRONMENT]: '{"dev":{"host":"outer"}}',
      'a/b/api.http': '',
      'a/http-client.env.json': '{"dev":{"host":"inner"}}',
      [PRIVATE]: '{"dev":{"token":"outer token"}}',
      'a/b/.env': 'C=c',
    })
    assert.deepEqual(await valuesIn(root, 'dev', 'a/b/api.http'), {
      token: 'outer token',
      host: 'inner',
      C: 'c',
    })
    const { files } = await environmentsOf(join(root, 'a'), 'b/api.http')
    assert.deepEqual(
      files.map(({ source }) => source),
      ['environment', 'dotenv'],
      'what is above the root is not read',
    )
  })

  it('share $shared, and win over it; the private file wins over the other one', async () => {
    const root = folderWith({
      [ENVIRONMENT]: '{"$shared":{"a":"shared","b":"shared","c":"shared"},"dev":{"b":"dev","c":"dev"}}',
      [PRIVATE]: '{"$shared":{"p":"private shared"},"dev":{"c":"private"}}',
      '.env': 'a=dotenv\nD="d e"\n',
    })
    assert.deepEqual(await valuesIn(root, 'dev'), {
      a: 'shared',
      b: 'dev',
      c: 'private',
      p: 'private shared',
      D: 'd e',
    })
    assert.deepEqual(await valuesIn(root), {
      a: 'shared',
      b: 'shared',
      c: 'shared',
      p: 'private shared',
      D: 'd e',
    })
  })

  it('have strings, numbers and booleans as they are written, and the members of objects and lists', async () => {
    const root = folderWith({
      [ENVIRONMENT]: `{"dev": {
        "text": "a \\"b\\"", "big": 12345678901234567890, "exact": 1.0, "on": true, "none": null,
        "user": {"name": "ada", "roles": ["x", "y"]}
      }}`,
    })
    assert.deepEqual(await valuesIn(root, 'dev'), {
      text: 'a "b"',
      big: '12345678901234567890',
      exact: '1.0',
      on: 'true',
      'user.name': 'ada',
      'user.roles': '["x", "y"]',
      'user.roles.0': 'x',
      'user.roles.1': 'y',
      user: '{"name": "ada", "roles": ["x", "y"]}',
    })
  })

  it('have the place of each name, also after comments', async () => {
    const text = '{ // the "dev" one\n  /* {"dev": 1} */ "dev": { "url": "http://x/", "last": 1 } }'
    const root = folderWith({ [ENVIRONMENT]: text, '.env': '# x\nexport KEY = value\nOTHER=1' })
    const places = variablesIn(await environmentsOf(root), 'dev').map(({ name, place }) => [
      name,
      place.offset,
    ])
    assert.deepEqual(places, [
      ['url', text.indexOf('"url"')],
      ['last', text.indexOf('"last"')],
      ['KEY', 11],
      ['OTHER', 23],
    ])
  })

  it('have configurations of OAuth 2, which all files and $shared describe together', async () => {
    const root = folderWith({
      [ENVIRONMENT]: JSON.stringify({
        $shared: { Security: { Auth: { api: { Type: 'OAuth2', 'Client ID': 'shared', Scope: 'chat' } } } },
        dev: { Security: { Auth: { api: { 'Token URL': 'https://id.example/token', Password: 'public' } } } },
      }),
      [PRIVATE]: JSON.stringify({ dev: { Security: { Auth: { api: { Password: 'private' } } } } }),
    })
    const environments = await environmentsOf(root)
    assert.deepEqual(environments.problems, [])
    const valuesOf = (name?: string) =>
      Object.fromEntries(
        [...(authIn(environments, name).get('api')?.fields.values() ?? [])].map(({ key, value }) => [
          key,
          value,
        ]),
      )
    assert.deepEqual(valuesOf('dev'), {
      Type: 'OAuth2',
      'Client ID': 'shared',
      Scope: 'chat',
      'Token URL': 'https://id.example/token',
      Password: 'private',
    })
    assert.deepEqual(valuesOf(), { Type: 'OAuth2', 'Client ID': 'shared', Scope: 'chat' })
    assert.deepEqual(variablesIn(environments, 'dev'), [], 'they are no variables')
  })

  for (const [what, text, code, at] of [
    ['broken JSON', '{"dev": {"a": 1,}}', 'BAD_JSON', 16],
    ['JSON that ends', '{"dev": ', 'BAD_JSON', 8],
    ['an empty file', '', 'BAD_JSON', 0],
    ['a list', '[1]', 'BAD_ENVIRONMENT', 0],
    ['an environment that is a text', '{"dev": "x"}', 'BAD_ENVIRONMENT', 1],
    ['a name that cannot be written', '{"dev": {"my host": 1}}', 'BAD_NAME', 9],
    ['an unknown key of OAuth 2', auth('"Grant type": "Password"'), 'UNKNOWN_KEY', 37],
    ['an unknown grant type', auth('"Grant Type": "Implicit"'), 'BAD_AUTH', 37],
    ['a number for a text of OAuth 2', auth('"Scope": 1'), 'BAD_AUTH', 37],
    ['a PKCE that is not one', auth('"PKCE": {"Code Challenge Method": "MD5"}'), 'BAD_AUTH', 37],
    ['custom parameters that are none', auth('"Custom Request Parameters": {"a": 1}'), 'BAD_AUTH', 37],
    ['a key of OAuth 2 without effect', auth('"Acquire Automatically": false'), 'NO_EFFECT', 37],
    ['OAuth 2 that is not an object', '{"dev": {"Security": {"Auth": {"x": 1}}}}', 'BAD_AUTH', 31],
    ['other security', '{"dev": {"Security": {"Tls": {}}}}', 'NO_EFFECT', 22],
  ] as const)
    it(`say what is wrong with ${what}, and where`, async () => {
      const root = folderWith({ [ENVIRONMENT]: text })
      const { problems } = await environmentsOf(root)
      assert.deepEqual(
        problems.map((problem) => [problem.code, problem.offset, problem.file]),
        [[code, at, join(root, ENVIRONMENT)]],
      )
      assert.match(problems[0]?.message ?? '', /^[A-Z"].*[.}?]$/)
    })

  it('keep the variables of the other file if one is broken', async () => {
    const root = folderWith({ [ENVIRONMENT]: '{"dev":{"host":"x"}}', [PRIVATE]: '{' })
    assert.deepEqual(await valuesIn(root, 'dev'), { host: 'x' })
  })

  it('are not used if they are OAuth 2 of JetBrains', async () => {
    const root = folderWith({
      [ENVIRONMENT]: '{"dev": {"Security": {"Auth": {"x": {"Client Secret": "s"}}}, "a": 1}}',
    })
    assert.deepEqual(await valuesIn(root, 'dev'), { a: '1' })
  })

  it('are said to be unknown, with the one that was meant', async () => {
    const root = folderWith({ [ENVIRONMENT]: '{"prod":{"a":1},"dev":{"a":1}}' })
    const environments = await environmentsOf(root)
    const message = (name: string) => {
      try {
        variablesIn(environments, name)
      } catch (thrown) {
        return String(thrown)
      }
      return ''
    }
    assert.match(message('prd'), /UNKNOWN|There is no environment "prd".*; did you mean prod\?$/)
    assert.match(message('staging'), /; the environments are prod, dev\.$/)
  })

  it('are not read from a .env file that is too large', async () => {
    const root = folderWith({ '.env': `A=${'x'.repeat(1024 * 1024)}` })
    const environments = await environmentsOf(root)
    assert.deepEqual(
      environments.problems.map(({ code, file }) => [code, file]),
      [['TOO_LARGE', join(root, '.env')]],
    )
    assert.deepEqual(variablesIn(environments), [])
  })

  it('are read in time in proportion to the file, and with limits', () => {
    const deep = `{"dev": ${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`
    const { environments, problems } = readEnvironmentFile('f', deep)
    assert.ok((environments.get('dev')?.length ?? 0) <= 8)
    assert.deepEqual(problems, [])
    const many = JSON.stringify({
      dev: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`n${i}`, i])),
    })
    const read = readEnvironmentFile('f', many)
    assert.equal(read.environments.get('dev')?.length, 10_000)
    assert.deepEqual(
      read.problems.map(({ code }) => code),
      ['TOO_MANY'],
    )
    const large = readEnvironmentFile('f', ' '.repeat(1024 * 1024 + 1))
    assert.deepEqual(
      large.problems.map(({ code }) => code),
      ['TOO_LARGE'],
    )
  })
})
