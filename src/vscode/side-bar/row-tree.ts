/** A tree of rows in the side bar. Updates only rows that have changed, at most twice a second, and only while it is visible. */
import * as vscode from 'vscode'
import type { Notifier } from '../ui/notifier.ts'
import type { ListedRow, RowLook, TreeRow } from './tree-row.ts'

/** Milliseconds between two updates. */
const INTERVAL = 500
/** Milliseconds after which an update follows although VS Code has not asked for what the last one changed. */
const UNREAD_AGE = 3000
/** Milliseconds after which a row is updated if only the figures in its hover have changed. */
const HOVER_AGE = 5000

export interface RowTreeOptions<Row extends TreeRow> {
  /** Id of the view. */
  readonly id: string
  /** Everything that the view shows now. */
  readonly list: () => readonly ListedRow<Row>[] | Promise<readonly ListedRow<Row>[]>
  /** What is above the rows, such as that not all are listed. Asked for after `list`. */
  readonly message?: () => string | undefined
  readonly notifier: Pick<Notifier, 'internal'>
  readonly canSelectMany?: boolean
  readonly dragAndDrop?: vscode.TreeDragAndDropController<Row>
}

/** A row as VS Code knows it. */
interface Node<Row> {
  readonly look: RowLook
  readonly tooltip: string
  readonly children: readonly Row[]
  readonly parent: Row | undefined
}

export class RowTree<Row extends TreeRow> implements vscode.TreeDataProvider<Row> {
  readonly view: vscode.TreeView<Row>
  readonly #options: RowTreeOptions<Row>
  readonly #changed = new vscode.EventEmitter<Row[] | undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  /** Of the rows that are listed, and of those that were a moment ago: VS Code may still ask for them. */
  readonly #nodes = new WeakMap<Row, Node<Row>>()
  /** What VS Code has of the rows, and since when, by `performance.now`. */
  readonly #shown = new WeakMap<Row, { readonly node: Node<Row>; readonly at: number }>()
  /** The rows that are listed, by their keys. */
  #rows: ReadonlyMap<string, Row> = new Map()
  #roots: readonly Row[] | undefined
  /** VS Code has asked for the rows. */
  #isAsked = false
  /** Something has changed since the last update. */
  #isDue = false
  /** The update that is under way. */
  #updating: Promise<void> | undefined
  /** The rows of the last update, until VS Code asks for one of them: it works off updates in turn, and each takes its time. */
  #unread: { readonly rows: ReadonlySet<Row>; readonly at: number } | undefined
  /** Runs until another update may follow the last one. */
  #timer: NodeJS.Timeout | undefined
  readonly #subscriptions: readonly vscode.Disposable[]

  constructor(options: RowTreeOptions<Row>) {
    this.#options = options
    this.view = vscode.window.createTreeView(options.id, {
      treeDataProvider: this,
      ...(options.canSelectMany && { canSelectMany: true }),
      ...(options.dragAndDrop !== undefined && { dragAndDropController: options.dragAndDrop }),
    })
    this.#subscriptions = [
      this.#changed,
      this.view,
      this.view.onDidChangeVisibility(() => this.#isDue && this.update()),
    ]
  }

  dispose(): void {
    clearTimeout(this.#timer)
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  /** What the view shows may have changed. */
  readonly update = (): void => {
    this.#isDue = true
    if (!this.view.visible || !this.#isAsked || this.#updating !== undefined || this.#timer !== undefined)
      return
    const isUnread = this.#unread !== undefined && performance.now() - this.#unread.at < UNREAD_AGE
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#isDue) this.update()
    }, INTERVAL)
    if (!isUnread) void this.#update()
  }

  getTreeItem(row: Row): vscode.TreeItem {
    if (this.#unread?.rows.has(row)) this.#unread = undefined
    const node = this.#node(row)
    const { look } = node
    this.#shown.set(row, { node, at: performance.now() })
    const item = new vscode.TreeItem(look.label, stateOf(look))
    const color = look.color === undefined ? undefined : new vscode.ThemeColor(look.color)
    item.id = row.key
    item.description = look.description ?? ''
    // Resolved only when it opens, it would never open if the row changes at that moment.
    item.tooltip = node.tooltip
    if (look.icon !== undefined) item.iconPath = new vscode.ThemeIcon(look.icon, color)
    item.contextValue = look.context
    item.accessibilityInformation = { label: look.spoken }
    if (look.decorated !== undefined) item.resourceUri = vscode.Uri.parse(look.decorated)
    if (look.command !== undefined)
      item.command = { command: look.command, title: look.label, arguments: [row] }
    return item
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row !== undefined) return [...this.#node(row).children]
    this.#unread = undefined
    if (!this.#isAsked) {
      this.#isAsked = true
      await this.#update()
    }
    return [...(this.#roots ?? [])]
  }

  getParent(row: Row): Row | undefined {
    return this.#node(row).parent
  }

  #node(row: Row): Node<Row> {
    const node = this.#nodes.get(row)
    if (node === undefined) throw new RangeError(`The view ${this.#options.id} never listed ${row.key}.`)
    return node
  }

  async #update(): Promise<void> {
    this.#updating ??= this.#take()
      .catch((error) => this.#options.notifier.internal(error))
      .finally(() => {
        this.#updating = undefined
        if (this.#isDue) this.update()
      })
    await this.#updating
  }

  async #take(): Promise<void> {
    this.#isDue = false
    const listed = await this.#options.list()
    const message = this.#options.message?.()
    if (this.view.message !== message) this.view.message = message
    const before = this.#rows
    const rows = new Map<string, Row>()
    const changed: Row[] = []
    const add = ({ row: given, look, tooltip, children = [] }: ListedRow<Row>, parent?: Row): Row => {
      const row = before.get(given.key) ?? given
      rows.set(row.key, row)
      const node = { look, tooltip, parent, children: children.map((child) => add(child, row)) }
      this.#nodes.set(row, node)
      if (this.#hasChanged(row, node)) changed.push(row)
      return row
    }
    const roots = listed.map((each) => add(each))
    const old = this.#roots
    this.#rows = rows
    this.#roots = roots
    // VS Code waits for the first rows.
    if (old === undefined) return
    if (!isSameList(roots, old)) this.#tell(undefined)
    else if (changed.length > 0) this.#tell(changed)
  }

  /** Tells VS Code which rows have changed; undefined for all. */
  #tell(changed: Row[] | undefined): void {
    this.#unread = { rows: new Set(changed ?? this.#roots), at: performance.now() }
    this.#changed.fire(changed)
  }

  /** Whether VS Code has something else of a row, except for figures in its hover that are not old. */
  #hasChanged(row: Row, node: Node<Row>): boolean {
    const shown = this.#shown.get(row)
    if (shown === undefined) return false
    const isOld = performance.now() - shown.at >= HOVER_AGE
    return !isSame(shown.node, node) || (isOld && shown.node.tooltip !== node.tooltip)
  }
}

function stateOf({ folding }: RowLook): vscode.TreeItemCollapsibleState {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState
  return folding === undefined ? None : folding === 'expanded' ? Expanded : Collapsed
}

function isSame<Row>(a: Node<Row>, b: Node<Row>): boolean {
  return isSameList(a.children, b.children) && JSON.stringify(a.look) === JSON.stringify(b.look)
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at])
}
