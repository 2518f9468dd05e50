/** An export of Insomnia up to version 10, a list of resources, as the tree that later versions write. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { addTo } from '../../../shared/maps.ts'
import { listOf, textOf } from '../foreign-values.ts'

/** Folders in folders. */
const MAX_DEPTH = 64

/** The collection of such an export, without what is in none. */
export function asVersion5(file: Fields): Fields {
  const resources = listOf(file.resources).map(fieldsOf)
  const children = new Map<string, Fields[]>()
  for (const resource of resources) addTo(children, textOf(resource.parentId), resource)
  const workspace = resources.find(({ _type }) => _type === 'workspace')
  // An export without its workspace still refers to it.
  const groups = new Set(
    resources.filter(({ _type }) => _type === 'request_group').map(({ _id }) => textOf(_id)),
  )
  const environmentIds = new Set(resources.filter(isEnvironment).map(({ _id }) => textOf(_id)))
  const inside = resources.filter(
    ({ parentId }) => !groups.has(textOf(parentId)) && !environmentIds.has(textOf(parentId)),
  )
  const bases = inside.filter(isEnvironment)
  return {
    name: textOf(workspace?.name),
    collection: new Tree(children).under(inside),
    environments: {
      data: Object.fromEntries(bases.flatMap(({ data }) => Object.entries(fieldsOf(data)))),
      subEnvironments: bases.flatMap(({ _id }) => (children.get(textOf(_id)) ?? []).filter(isEnvironment)),
    },
  }
}

function isEnvironment({ _type }: Fields): boolean {
  return _type === 'environment'
}

const TYPES = new Set(['request', 'request_group', 'websocket_request', 'grpc_request', 'socketio_request'])

/** Folders with what is in them. */
class Tree {
  readonly #children: ReadonlyMap<string, readonly Fields[]>
  /** A file may say that folders contain each other. */
  readonly #seen = new Set<Fields>()

  constructor(children: ReadonlyMap<string, readonly Fields[]>) {
    this.#children = children
  }

  under(list: readonly Fields[], depth = 0): Fields[] {
    if (depth > MAX_DEPTH) return []
    const nodes: Fields[] = []
    for (const resource of list) {
      if (this.#seen.has(resource) || !TYPES.has(textOf(resource._type))) continue
      this.#seen.add(resource)
      nodes.push(this.#node(resource, depth))
    }
    return nodes
  }

  #node(resource: Fields, depth: number): Fields {
    const { _id, _type, metaSortKey, description } = resource
    const { url, ...folder } = resource
    return {
      ...(_type === 'request_group'
        ? { ...folder, children: this.under(this.#children.get(textOf(_id)) ?? [], depth + 1) }
        : { ...folder, url: textOf(url) }),
      meta: { id: _id, sortKey: metaSortKey, description },
      scripts: { preRequest: resource.preRequestScript, afterResponse: resource.afterResponseScript },
      settings: { path: resource.settingPath },
    }
  }
}
