/** Reads files with message types: the text of `.proto` files, and descriptor sets. Protobuf.js reads each of them. */
import type { NamespaceBase, ReflectionObject, Root } from 'protobufjs'
import { sentenceOf } from '../../../../shared/failure.ts'
import type { SchemaFiles } from '../../../../shared/protocol/decoding.ts'

type Library = typeof import('protobufjs')

let library: Library | undefined

export async function loadSchemas(): Promise<void> {
  if (library !== undefined) return
  const loaded = await import('protobufjs')
  await import('protobufjs/ext/descriptor.js')
  library = 'default' in loaded ? (loaded.default as Library) : loaded
}

/** All types of the files. Throws an `Error` with a sentence if a file cannot be read. */
export function readSchema(files: SchemaFiles): Root {
  if (library === undefined) throw new Error('The Protocol Buffers library is not loaded.')
  const root = new library.Root()
  for (const [name, file] of Object.entries(files)) {
    try {
      if (typeof file === 'string') addText(library, root, file)
      else addMissing(root, descriptorSet(library, Buffer.from(file.base64, 'base64')))
    } catch (thrown) {
      throw new Error(`${name} cannot be read: ${withLine(sentenceOf(thrown))}.`)
    }
  }
  return root
}

/** Adds the types of a `.proto` file, and those of Google's own files that it imports. */
function addText({ Root, parse, common }: Library, root: Root, text: string): void {
  const { root: own, imports = [] } = parse(text, new Root(), { keepCase: true })
  addMissing(root, own)
  for (const each of imports) {
    const { nested } = common.get(each) ?? {}
    if (nested !== undefined) addMissing(root, Root.fromJSON({ nested }))
  }
}

function descriptorSet({ Root }: Library, bytes: Uint8Array): Root {
  return (Root as unknown as { fromDescriptor(set: Uint8Array): Root }).fromDescriptor(bytes)
}

/** Moves what `to` does not have. A file may be among the files and in a descriptor set, too. */
function addMissing(to: NamespaceBase, from: NamespaceBase): void {
  for (const each of [...from.nestedArray]) {
    const known = to.get(each.name)
    if (known === null) to.add(each)
    else if (isNamespace(known) && isNamespace(each)) addMissing(known, each)
  }
}

function isNamespace(object: ReflectionObject): object is NamespaceBase {
  return 'nestedArray' in object
}

/** `illegal token '}' (line 3)` as `line 3: illegal token '}'`. */
function withLine(problem: string): string {
  const [, what, line] = /^(.*) \((?:.*, )?line (\d+)\)$/s.exec(problem) ?? []
  return what === undefined ? problem : `line ${line}: ${what}`
}
