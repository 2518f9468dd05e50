/** Short names of connections, which say how they differ: `chat · room=dev`. */
import { traitsOf } from './transports.ts'

export interface Named {
  readonly id: number
  readonly url: string
  readonly transport?: string
}

/** Longest value of a parameter in a name, and most parameters. */
const MAX_VALUE = 24
const MAX_PARAMS = 2

interface Parts {
  readonly host: string
  readonly path: readonly string[]
  readonly params: ReadonlyMap<string, string>
}

function partsOf(url: string): Parts | undefined {
  // `URL.parse` needs Node.js 22.
  if (!URL.canParse(url)) return undefined
  const { host, pathname, searchParams } = new URL(url)
  return { host, path: pathname.split('/').filter((part) => part !== ''), params: new Map(searchParams) }
}

/** A connection while its name is made. */
interface Item extends Named {
  readonly parts: Parts | undefined
  name: string
}

/** What may tell connections of the same name apart, the most telling first. */
const DIFFERENCES: readonly ((item: Item, group: readonly Item[]) => string)[] = [
  differingParams,
  ({ parts }) => parts?.host ?? '',
  ({ parts }) => parts?.path.slice(0, -1).join('/') ?? '',
  ({ transport }) => traitsOf(transport)?.shortName ?? transport ?? '',
]

/** The query parameters that do not have the same value in the whole group. */
function differingParams({ parts }: Item, group: readonly Item[]): string {
  const params = [...(parts?.params ?? [])].filter(([name, value]) =>
    group.some((other) => other.parts?.params.get(name) !== value),
  )
  return params
    .slice(0, MAX_PARAMS)
    .map(([name, value]) => `${name}=${value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value}`)
    .join(' ')
}

/** The last part of the path, or the host; the URL itself if it is not one. */
function baseName({ url, parts }: Omit<Item, 'name'>): string {
  return parts === undefined ? url : (parts.path.at(-1) ?? parts.host)
}

function groupByName(items: readonly Item[]): Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(item.name)
    if (group === undefined) groups.set(item.name, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/**
 * A name for each connection: the end of its path, and where several have the same, what differs between them. Connections
 * that are the same differ only in their number. `prefixOf` gives text for the beginning of each name.
 */
export function connectionNames<Connection extends Named>(
  connections: readonly Connection[],
  prefixOf: (connection: Connection) => string = () => '',
): ReadonlyMap<number, string> {
  const items = connections.map((connection): Item => {
    const item = { ...connection, parts: partsOf(connection.url) }
    return { ...item, name: prefixOf(connection) + baseName(item) }
  })
  for (const differenceOf of DIFFERENCES)
    for (const group of groupByName(items)) {
      const differences = group.map((item) => differenceOf(item, group))
      if (new Set(differences).size === 1) continue
      group.forEach((item, at) => {
        const difference = differences[at] ?? ''
        if (difference !== '' && !item.name.split(' ').includes(difference))
          item.name = `${item.name} · ${difference}`
      })
    }
  for (const group of groupByName(items))
    if (group.length > 1) for (const item of group) item.name = `${item.name} (${item.id})`
  return new Map(items.map(({ id, name }) => [id, name]))
}
