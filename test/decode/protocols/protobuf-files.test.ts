/** Files with message types: what they import, and what is wrong with them. */
import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { checkTypes } from '../../../src/decode/protocols/payloads/protobuf/check-types.ts'
import {
  foldersUpTo,
  readSchemas,
  type SchemaPlace,
} from '../../../src/decode/protocols/payloads/protobuf/imports.ts'
import { loadSchemas } from '../../../src/decode/protocols/payloads/protobuf/read-schema.ts'
import type { MessageChoice } from '../../../src/shared/protocol/decoding.ts'

const TOP = '/work'

/** Files by their paths in `TOP`. */
function place(files: Readonly<Record<string, string>>): SchemaPlace<string> {
  const nameOf = (file: string) => posix.relative(TOP, file) || '.'
  return {
    nameOf,
    join: posix.join,
    foldersOf: (file) => foldersUpTo(posix.dirname(file), TOP, posix.dirname),
    read: async (file) => {
      const text = files[nameOf(file)]
      return text === undefined ? undefined : Buffer.from(text)
    },
  }
}

const proto = (body: string) => `syntax = "proto3";\n${body}`

async function check(
  files: Readonly<Record<string, string>>,
  message: MessageChoice,
  chosen = Object.keys(files).slice(0, 1),
): Promise<void> {
  const found = await readSchemas(
    chosen.map((name) => posix.join(TOP, name)),
    place(files),
  )
  checkTypes({ files: found.files, message }, found.missing)
}

describe('files with message types', () => {
  before(loadSchemas)

  it('come with what they import, from their folder and those above it', async () => {
    const { files, missing } = await readSchemas(
      ['/work/proto/shop/order.proto'],
      place({
        'proto/shop/order.proto': proto('import "line.proto"; import public "common/money.proto";'),
        'proto/shop/line.proto': proto('// Nothing'),
        'proto/common/money.proto': proto('import \'deep/a.proto\';\n import weak "shop/order.proto";'),
        'deep/a.proto': proto(''),
        'proto/other.proto': proto(''),
      }),
    )
    assert.deepEqual(Object.keys(files).sort(), [
      'deep/a.proto',
      'proto/common/money.proto',
      'proto/shop/line.proto',
      'proto/shop/order.proto',
    ])
    assert.deepEqual(missing, [])
  })

  it('are not read from outside of the folders', async () => {
    const asked: string[] = []
    const { missing } = await readSchemas(['/work/a.proto'], {
      ...place({}),
      read: async (file) => {
        asked.push(file)
        const paths = ['../b.proto', '/etc/c.proto', 'x/../../d.proto', 'file:e.proto', '..\\f.proto']
        return Buffer.from(proto(paths.map((path) => `import "${path}";`).join('\n')))
      },
    })
    assert.deepEqual(asked, ['/work/a.proto'])
    assert.equal(missing.length, 5)
  })

  it('stay within their folder if it is not in the workspace', () => {
    assert.deepEqual(foldersUpTo('/home/me/proto', TOP, posix.dirname), ['/home/me/proto'])
    assert.deepEqual(foldersUpTo('/work/a/b', TOP, posix.dirname), ['/work/a/b', '/work/a', '/work'])
    assert.deepEqual(foldersUpTo(TOP, TOP, posix.dirname), [TOP])
  })

  it('are named if they are missing or too many', async () => {
    await assert.rejects(readSchemas(['/work/a.proto'], place({})), {
      code: 'NO_FILE',
      message: 'a.proto cannot be read: the file does not exist.',
    })
    await assert.rejects(
      readSchemas(['/work/a.proto'], { ...place({}), read: async () => new Uint8Array(5 * 1024 * 1024) }),
      { code: 'TOO_LARGE' },
    )
    let made = 0
    const endless = { ...place({}), read: async () => Buffer.from(`import "${++made}.proto";`) }
    await assert.rejects(readSchemas(['/work/a.proto'], endless), { code: 'TOO_LARGE' })
  })

  it('need what their types use, and not what they only import', async () => {
    const annotated = {
      'a.proto': proto('import "google/api/annotations.proto"; message A { int32 x = 1; }'),
    }
    await check(annotated, 'A')
    const lacking = {
      'proto/a.proto': proto(
        'import "common/money.proto"; message A { B b = 1; } message B { Money m = 1; }',
      ),
    }
    await assert.rejects(check(lacking, 'A'), {
      message:
        'A uses Money, which no file has. proto/a.proto imports common/money.proto (not found in: proto, .). Choose the files that have them, too.',
    })
  })

  it('say in which line they are wrong', async () => {
    await assert.rejects(check({ 'a.proto': proto('message A {\n  string x = ;\n}') }, 'A'), {
      message: "a.proto cannot be read: line 3: illegal id ';'.",
    })
    await assert.rejects(
      check({ 'a.proto': proto('message A {\n') }, 'A'),
      /^Error: a\.proto cannot be read: line 3/,
    )
  })

  it('have to have the types and the fields of an envelope', async () => {
    const files = { 'a.proto': proto('message A { string kind = 1; bytes body = 2; } message B {}') }
    const envelope = { envelope: 'A', type: 'kind', payload: 'body' }
    await check(files, { in: { ...envelope, types: { b: 'B' } }, out: 'B' })
    await assert.rejects(check(files, { in: 'C' }), {
      message: 'The files do not define the message type C; they define A, B.',
    })
    await assert.rejects(check(files, { ...envelope, type: 'sort' }), {
      message: 'A has no field sort; it has kind, body.',
    })
    await assert.rejects(check(files, { ...envelope, types: { b: 'C' } }), /define the message type C;/)
  })

  it('may have the same types twice, and those of Google', async () => {
    const any = proto('package google.protobuf; message Any { string type_url = 1; bytes value = 2; }')
    const files = {
      'a.proto': proto(
        'import "google/protobuf/any.proto"; import "b.proto"; message A { google.protobuf.Any x = 1; }',
      ),
      'b.proto': proto('import "google/protobuf/any.proto"; message A { google.protobuf.Any x = 1; }'),
      'google/protobuf/any.proto': any,
    }
    await check(files, 'A')
    await check({ 'b.proto': files['b.proto'] }, 'A')
  })
})
