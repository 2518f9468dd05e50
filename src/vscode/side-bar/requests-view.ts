/** The view of the workspace's requests, by file. */
import * as vscode from 'vscode'
import { getOrMake } from '../../shared/maps.ts'
import { SIDE_BAR } from '../contributions.ts'
import type { IndexedFile, RequestIndex } from '../requests/request-index.ts'
import type { RequestReference, RequestRuns } from '../requests/request-runs.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { Notifier } from '../ui/notifier.ts'
import { intervalOf } from './poll-interval.ts'
import { type Run, requestFileLook, requestLook, requestTooltip } from './request-look.ts'
import { RowTree } from './row-tree.ts'
import { type ListedRow, TreeRow } from './tree-row.ts'

/** A file of requests. */
export class RequestFileRow extends TreeRow {
  readonly uri: vscode.Uri

  constructor(uri: vscode.Uri) {
    super(SIDE_BAR.requests, uri.toString())
    this.uri = uri
  }
}

/** A request. Commands of connections take it for the connection of its latest run. */
export class RequestRow extends TreeRow implements RequestReference {
  readonly uri: vscode.Uri
  readonly name: string
  readonly #runs: Pick<RequestRuns, 'of'>

  constructor(uri: vscode.Uri, name: string, runs: Pick<RequestRuns, 'of'>) {
    super(SIDE_BAR.requests, `${uri.toString()} ${name}`)
    this.uri = uri
    this.name = name
    this.#runs = runs
  }

  get id(): number | undefined {
    return this.#runs.of(this.uri, this.name)?.connection
  }
}

export interface RequestsViewOptions {
  readonly index: RequestIndex
  readonly runs: RequestRuns
  readonly session: LiveSession
  readonly notifier: Notifier
}

type Listed = ListedRow<RequestFileRow | RequestRow>

export function showRequestsView({ index, runs, session, notifier }: RequestsViewOptions): vscode.Disposable {
  const runOf = (uri: vscode.Uri, name: string): Run | undefined => {
    const status = runs.of(uri, name)?.status
    return (
      status && { status, color: session.labels.colorOf(status.id), interval: intervalOf(session, status) }
    )
  }
  const listFile = (indexed: IndexedFile): Listed => {
    const { uri, path, file, names } = indexed
    const tooltips = tooltipsOf(indexed)
    return {
      row: new RequestFileRow(uri),
      look: requestFileLook(path, names.length),
      tooltip: path,
      children: file.requests.map((request, at): Listed => {
        const name = names[at] ?? ''
        return {
          row: new RequestRow(uri, name, runs),
          look: requestLook(name, request, runOf(uri, name)),
          tooltip: tooltips[at] ?? '',
        }
      }),
    }
  }
  const tree = new RowTree<RequestFileRow | RequestRow>({
    id: SIDE_BAR.requests,
    list: async () => (await index.files()).map(listFile),
    message: () => skippedText(index),
    notifier,
  })
  return vscode.Disposable.from(
    tree,
    index.onChange(tree.update),
    runs.onChange(tree.update),
    session.labels.onChange(tree.update),
  )
}

/** The hovers of the requests of a file, which are made once. */
const hovers = new WeakMap<IndexedFile, readonly string[]>()

function tooltipsOf(indexed: IndexedFile): readonly string[] {
  return getOrMake(hovers, indexed, () => {
    const { file, path } = indexed
    let line = 1
    let end = file.text.indexOf('\n')
    return file.requests.map((request) => {
      for (; end >= 0 && end < request.line.start; end = file.text.indexOf('\n', end + 1)) line++
      return requestTooltip(request, path, line)
    })
  })
}

function skippedText({ skipped }: RequestIndex): string | undefined {
  const [first] = skipped
  if (first === undefined) return undefined
  return skipped.length === 1 ? first.why : vscode.l10n.t('{0} (and {1} more)', first.why, skipped.length - 1)
}
