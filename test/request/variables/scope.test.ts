import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { VARIABLE_SOURCES } from '../../../src/request/variables/variables.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { environmentsOf, folderWith, requestAt, scopeOf } from './disk.ts'

describe('the variables of a request', () => {
  afterEach(removeTempDirs)

  it('come from the first source that has them', async () => {
    const root = folderWith({
      'http-client.private.env.json': '{"dev":{"private":"private","environment":"private"}}',
      'http-client.env.json': '{"dev":{"environment":"x","dotenv":"environment"}}',
      '.env': 'dotenv=x\ncomposer=dotenv',
    })
    const scope = scopeOf('@file = file\n@private = file\n', {
      given: { given: 'given', answer: 'given' },
      answers: { answer: 'x', file: 'answer' },
      environments: await environmentsOf(root),
      environment: 'dev',
      composer: { composer: 'x', own: 'composer' },
    })
    assert.deepEqual(
      scope.all().map(({ name, value, source }) => [name, value, source]),
      [
        ['answer', 'given', 'given'],
        ['composer', 'dotenv', 'dotenv'],
        ['dotenv', 'environment', 'environment'],
        ['environment', 'private', 'private'],
        ['file', 'answer', 'answer'],
        ['given', 'given', 'given'],
        ['own', 'composer', 'composer'],
        ['private', 'file', 'file'],
      ],
    )
    const used = new Set(scope.all().map(({ source }) => source))
    assert.deepEqual(
      VARIABLE_SOURCES.filter((source) => used.has(source)),
      VARIABLE_SOURCES,
    )
  })

  it('have the value of the last line up to the request, or else of the first line of the file', () => {
    const text =
      '@a = 1\n@a = 2\nGET http://x/\n@c = 6\n\n###\n@a = 3\n@b = 4\nGET http://y/\n\n###\n@b = 5\n@c = 7\n'
    const parsed = parseRequestFile(text)
    const value = (name: string, at: number) =>
      scopeOf(text, { parsed, request: requestAt(parsed, at) }).lookup(name)?.value
    assert.deepEqual([value('a', 0), value('b', 0), value('c', 0)], ['2', '4', '6'])
    assert.deepEqual([value('a', 1), value('b', 1), value('c', 1)], ['3', '4', '6'])
    assert.equal(scopeOf(text).lookup('b')?.value, '5')
  })

  it('use each other, in any order', () => {
    const scope = scopeOf('@url = {{scheme}}://{{ host }}/\n@scheme = ws\n@host = {{name}}:80\n@name = x\n')
    assert.equal(scope.lookup('url')?.value, 'ws://x:80/')
  })

  it('use each other in files of environments', async () => {
    const root = folderWith({
      'http-client.env.json': '{"dev":{"url":"ws://{{HOST}}/{{room}}"}}',
      '.env': 'HOST={{name}}:80',
    })
    const sources = {
      environments: await environmentsOf(root),
      environment: 'dev',
      given: { name: '{{room}}' },
    }
    assert.equal(scopeOf('@room = dev', sources).lookup('url')?.value, 'ws://{{room}}:80/dev')
  })

  it('keep what only a request fills as it is written', () => {
    const scope = scopeOf('@a = {{$uuid}} {{$secret T}} {{b}} {{ no }}\n@b = {{$prompt Who?}}\n@no = x')
    assert.equal(scope.lookup('a')?.value, '{{$uuid}} {{$secret T}} {{$prompt Who?}} x')
  })

  it('end in a cycle with a sentence that names it', () => {
    const scope = scopeOf('@a = {{b}}\n@b = {{c}}\n@c = {{b}}\n@d = x\n')
    assert.equal(scope.lookup('a')?.problem?.code, 'VARIABLE_CYCLE')
    assert.match(String(scope.lookup('a')?.problem?.message), /b → c → b/)
    assert.match(String(scopeOf('@a = {{a}}').lookup('a')?.problem?.message), /a → a/)
    assert.equal(scope.lookup('d')?.value, 'x')
  })

  it('are not nested without an end, and do not grow without an end', () => {
    const chain = (length: number) =>
      [...Array.from({ length }, (_, i) => `@v${i} = {{v${i + 1}}}`), `@v${length} = end`].join('\n')
    assert.equal(scopeOf(chain(31)).lookup('v0')?.value, 'end')
    assert.equal(scopeOf(chain(40)).lookup('v0')?.problem?.code, 'TOO_DEEP')
    const doubling = Array.from({ length: 30 }, (_, i) => `@v${i} = {{v${i + 1}}}{{v${i + 1}}}`).join('\n')
    assert.equal(scopeOf(`${doubling}\n@v30 = x`).lookup('v0')?.problem?.code, 'TOO_LARGE')
  })

  it('are secret by their source, by their name, and by what they use', async () => {
    const root = folderWith({ 'http-client.private.env.json': '{"dev":{"host":"h"}}' })
    const scope = scopeOf(
      '@auth_header = Bearer x\n@url = ws://{{host}}/\n@line = {{$secret T}}\n@room = dev\n@why = {{$password P}}',
      { environments: await environmentsOf(root), environment: 'dev' },
    )
    assert.deepEqual(
      scope.all().map(({ name, isSecret }) => [name, isSecret]),
      [
        ['auth_header', true],
        ['host', true],
        ['line', true],
        ['room', false],
        ['url', true],
        ['why', true],
      ],
    )
  })

  it('have places', async () => {
    const root = folderWith({ 'http-client.env.json': '{"dev":{"host":"h"}}' })
    const scope = scopeOf('# x\n@room = dev\n', {
      given: { g: '1' },
      environments: await environmentsOf(root),
      environment: 'dev',
    })
    assert.deepEqual(scope.lookup('room')?.place, { file: '/work/api.http', offset: 5 })
    assert.equal(scope.lookup('host')?.place?.offset, 8)
    assert.equal(scope.lookup('g')?.place, undefined)
  })

  it('may have any name that a variable can have', () => {
    const scope = scopeOf('', { given: JSON.parse('{"__proto__": "p", "constructor": "c"}') })
    assert.equal(scope.lookup('__proto__')?.value, 'p')
    assert.equal(scope.lookup('constructor')?.value, 'c')
    assert.equal(scopeOf('').lookup('toString'), undefined)
  })
})
