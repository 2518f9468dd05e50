/** The state that the views share, and the calls that they make to the host. */
import { computed, type Signal, signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { sentenceOf } from '../../src/shared/failure.ts'
import { NOTHING_DECODED, type SeenDecoded } from '../../src/shared/protocol/decoding.ts'
import type { SeenPath } from '../../src/shared/protocol/filtering.ts'
import type { FileChange, PanelNotifications } from '../../src/shared/protocol/notifications.ts'
import type { ServedSession } from '../../src/shared/protocol/served.ts'
import type { Reopenable, UnsavedSession } from '../../src/shared/protocol/unsaved.ts'
import type { PanelContext, PanelMethods } from '../../src/shared/protocol.ts'
import type { RemovedConnection } from '../../src/shared/status.ts'
import { Host, type PagePort } from '../host/host.ts'
import { HostWatch } from '../host/host-watch.ts'
import { act } from './acts.ts'
import { AnswerStore } from './answers.ts'
import { bind } from './bindings.ts'
import { ComposerStore } from './composer.ts'
import { ConnectingStore } from './connecting.ts'
import { ConnectionLooks } from './connection-looks.ts'
import { Previews } from './events/previews.ts'
import { ExchangeStore } from './exchanges.ts'
import { FaultStore } from './faults.ts'
import { FilterStore } from './filter.ts'
import { FindingStore } from './findings.ts'
import { Keyboard } from './keyboard.ts'
import { LatencyStore } from './latency.ts'
import { LayoutStore } from './layout.ts'
import { allColumns } from './list/columns.ts'
import { ListMeasure } from './list/facts.ts'
import { ListScroll } from './list-scroll.ts'
import type { MarkedBytes } from './marked-bytes.ts'
import type { OpenMenu } from './menu.ts'
import { PageClock } from './page-clock.ts'
import { PreviewCache } from './preview/preview-cache.ts'
import { RecordingStore } from './recording.ts'
import { ReportStore } from './report.ts'
import { SavedRequestStore } from './saved-requests.ts'
import { restoreView, saveView } from './saved-view.ts'
import { toggleConnection } from './scope.ts'
import { SeenStore } from './seen.ts'
import { Selection } from './selection.ts'
import { SessionStore } from './session.ts'
import { showChosen } from './show-chosen.ts'
import { StatisticsStore } from './statistics.ts'
import { TechniqueStore } from './techniques.ts'
import { TimelineStore } from './timeline/timeline.ts'
import { goLive } from './timeline/view.ts'
import type { ViewId } from './views.ts'
import { Wishes } from './wishes.ts'

export class PageState {
  readonly session = new SessionStore((callback) => requestAnimationFrame(callback))
  readonly looks = new ConnectionLooks(
    this.session.status,
    (change) => void this.call('labelConnection', change),
  )
  readonly timeline = new TimelineStore()
  readonly scroll = new ListScroll()
  readonly composer = new ComposerStore()
  readonly view = signal<ViewId>('events')
  /** A sentence that the user has to read. */
  readonly notice = signal<string | undefined>(undefined)
  readonly context = signal<PanelContext>({ trusted: true })
  readonly served = signal<readonly ServedSession[]>([])
  readonly savedRequests = new SavedRequestStore()
  readonly faults = new FaultStore()
  readonly unsaved = signal<readonly UnsavedSession[]>([])
  readonly reopenable = signal<Reopenable>({ urls: [] })
  /** Fields by which an answer names its request. */
  readonly replyKeys = signal<readonly string[]>([])
  /** The removed connections whose removal the user has dismissed, by their numbers. */
  readonly #seenRemoval = signal('')
  /** Whether the keys are shown. */
  readonly areKeysShown = signal(false)
  /** What happened to the recording's file since it was read. */
  readonly fileChange = signal<FileChange>('none')
  readonly clock = new PageClock(this.session)
  readonly keyboard = new Keyboard({
    gaveUp: () => this.host.notify('gaveUpKeyboard', null),
    gotFocus: () => this.host.notify('gotFocus', null),
  })
  /** Whether the host answers. */
  readonly watch = new HostWatch()
  readonly host: Host
  readonly layout: LayoutStore
  readonly wishes: Wishes
  readonly measure = new ListMeasure()
  readonly previewCache = new PreviewCache()
  /** The columns that the list can show. */
  readonly columns = computed(() => allColumns(this.layout.current.value.paths))
  /** Changes whenever more messages are decoded. */
  readonly decodings = signal(0)
  /** The session time that the user is writing a note for. */
  readonly marking = signal<number | undefined>(undefined)
  /** The bytes that the hex view marks. */
  readonly markedBytes = signal<MarkedBytes | undefined>(undefined)
  /** The menu that is open. */
  readonly menu = signal<OpenMenu | undefined>(undefined)
  readonly previews: Previews
  /** Texts of the lifecycle events in the timeline's view. */
  readonly notes: Previews
  /** Requests and answers in the timeline's view. */
  readonly exchanges: ExchangeStore
  readonly latency: LatencyStore
  readonly selection: Selection
  readonly filter: FilterStore
  readonly statistics: StatisticsStore
  readonly seenPaths: SeenStore<readonly SeenPath[]>
  readonly seenDecoded: SeenStore<SeenDecoded>
  readonly report: ReportStore
  readonly answers: AnswerStore
  readonly findings: FindingStore
  readonly techniques: TechniqueStore
  readonly recording: RecordingStore
  readonly connecting: ConnectingStore
  /** What was asked for before the page was ready. */
  #wanted: PanelNotifications['showConnection'] | undefined
  /** Whether the host has answered `ready`. */
  readonly isReady = signal(false)

  constructor(port: PagePort) {
    const host = new Host(
      port,
      {
        delta: (delta) => {
          const { first, count } = delta.columns
          const { previews = [] } = delta
          if (this.wishes.isCurrent(delta.wish)) this.previews.put(first + count - previews.length, previews)
          this.session.apply(delta)
          if (delta.columns.count > 0) {
            this.timeline.append(delta.columns, (index) => this.session.eventNames[index] ?? '')
            this.timeline.forget(this.session.columns)
            this.filter.awake()
            this.latency.awake()
          }
          if (delta.matches !== undefined) this.filter.take(delta.matches, this.session.columns)
          host.notify('acknowledge', null)
        },
        status: (status) => this.session.setStatus(status),
        reset: () => this.#reset(),
        rewind: ({ count }) => this.#rewind(count),
        decoded: ({ all }) => {
          this.decodings.value++
          this.previews.refresh(all)
          this.notes.refresh(all)
          this.answers.decoded(all)
          this.exchanges.refresh()
        },
        served: setter(this.served),
        unsaved: setter(this.unsaved),
        reopenable: setter(this.reopenable),
        failed: ({ message }) => {
          this.notice.value = message
        },
        file: setter(this.fileChange),
        replyKeys: setter(this.replyKeys),
        savedRequests: setter(this.savedRequests.current),
        labels: setter(this.looks.labels),
        showConnection: (chosen) => this.#showChosen(chosen),
        act: (action) => act(this, action),
        visible: (visible) => this.clock.setPanelVisible(visible),
        asking: (asking) => this.keyboard.ask(asking),
      },
      this.watch,
    )
    this.host = host
    this.layout = new LayoutStore(port)
    this.previews = new Previews(
      (indexes) => host.call('previews', { indexes }),
      () => this.session.touch(),
    )
    const repaint = () => this.timeline.touch()
    this.notes = new Previews((indexes) => host.call('previews', { indexes }), repaint)
    this.exchanges = new ExchangeStore((span) => host.call('exchanges', span), repaint)
    this.latency = new LatencyStore((span) => host.call('latency', span), repaint)
    this.selection = new Selection((index, maxBytes) => host.call('detail', { index, maxBytes }))
    this.filter = new FilterStore(
      {
        filter: (text, generation) => host.call('filter', { text, generation }),
        stop: (generation) => void this.call('stopFilter', { generation }),
      },
      (error) => void this.attempt(Promise.reject(error)),
    )
    this.statistics = new StatisticsStore((selected) => host.call('statistics', selected, 0))
    this.seenPaths = new SeenStore<readonly SeenPath[]>([], () => host.call('paths', null))
    this.seenDecoded = new SeenStore(NOTHING_DECODED, () => host.call('seenDecoded', null))
    this.wishes = new Wishes({
      filter: this.filter,
      layout: this.layout,
      replyKeys: this.replyKeys,
    })
    this.recording = new RecordingStore(this.session, (command) => this.call('replay', command, 0))
    this.connecting = new ConnectingStore(
      (method, params, timeout) => this.call(method, params, timeout),
      () => this.session.status.value?.connections ?? [],
    )
    this.report = new ReportStore(() => this.call('report', null, 0))
    this.answers = new AnswerStore({
      answers: (params) => host.call('answers', params),
      answer: (params) => host.call('answer', params),
    })
    this.findings = new FindingStore(() => host.call('findings', null))
    this.techniques = new TechniqueStore(host)
    bind(this)
  }

  /** Asks the host for the events that the page does not have. */
  async start(): Promise<void> {
    const { columns, eventNames } = this.session
    const context = await this.call('ready', { from: columns.end, fromEventName: eventNames.length })
    if (context !== undefined) {
      this.context.value = context
      if (context.kind === 'file') this.timeline.fit()
      if (context.shelf !== undefined) this.composer.shelf.value = context.shelf
      if (context.kept !== undefined) restoreView(this, context.kept)
    }
    if (this.#wanted !== undefined) this.#showChosen(this.#wanted)
    this.wishes.start((wish) => {
      void this.call('wish', wish)
      this.previews.renew()
    })
    saveView(this, (state) => this.host.notify('keep', state))
    this.isReady.value = true
    this.clock.start()
    this.watch.start({
      isVisible: this.clock.isVisible,
      ask: (timeout) => this.host.call('ping', null, timeout),
    })
  }

  /** Whether the page shows a recording, which is read-only. */
  get isRecording(): boolean {
    return this.context.value.kind === 'file'
  }

  /** Whether the page shows a recording that is not being played: nothing will be added to it. */
  get isFinished(): boolean {
    return this.isRecording && this.session.status.value?.file?.replay === undefined
  }

  /** The result of a call. If the call fails, shows the reason to the user and returns undefined. */
  async attempt<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work
    } catch (thrown) {
      this.notice.value = sentenceOf(thrown)
      return undefined
    }
  }

  /** The result of a call to the host. If it fails, shows the reason to the user and returns undefined. */
  call<K extends keyof PanelMethods & string>(
    method: K,
    params: PanelMethods[K]['params'],
    timeout?: number,
  ): Promise<PanelMethods[K]['result'] | undefined> {
    return this.attempt(this.host.call(method, params, timeout))
  }

  /** Opens the form for a new connection. */
  connect(url = ''): void {
    void this.connecting.openForm({ url })
  }

  /** Asks the user for a note at a session time. */
  markAt(time: number): void {
    this.marking.value = time
  }

  /** Shows the details of the selected event, or closes them. */
  showDetails(details: boolean): void {
    if (this.layout.current.value.details !== details) this.layout.change({ details })
  }

  copy(text: string): void {
    void this.call('copy', { text })
  }

  /** Selects an event and stops following, so that it stays in view. */
  select(index: number): void {
    this.hold(() => this.selection.select(index))
  }

  /** Changes the selection and stops following, so that the selection stays in view. */
  hold(change: () => void): void {
    this.scroll.leave()
    change()
    this.session.touch()
  }

  /** Shows a view. The report is that of this moment, and the answer or the finding that of the selected event. */
  show(view: ViewId): void {
    if (view === this.view.value) return
    this.view.value = view
    if (view === 'report') void this.report.refresh()
    if (view === 'findings') this.findings.settle(this.selection.index)
    if (view === 'answers') this.answers.settle(this.session.columns.placeOf(this.selection.index))
  }

  /** Shows only the events of a connection, or all events again. */
  toggleConnection(connection: number): void {
    this.session.setScope(toggleConnection(this.session.scope.value, connection))
  }

  /** What the page restores would override what is shown before it is ready. */
  #showChosen(chosen: PanelNotifications['showConnection']): void {
    if (this.isReady.value) showChosen(this, chosen)
    else this.#wanted = chosen
  }

  /** Whether a filter has not been through the whole session yet. */
  get isFiltering(): boolean {
    const result = this.filter.result.value
    return result !== undefined && !result.hasEnded && !result.hasCaughtUp
  }

  /** Makes list and timeline follow new events. */
  goLive(): void {
    if (this.session.pausedAt.value !== undefined) this.setPaused(false)
    this.scroll.follow()
    this.timeline.move(goLive, this.session.now())
    this.session.touch()
  }

  /** Freezes list and timeline while the capture continues, or shows new events again. */
  setPaused(paused: boolean): void {
    this.session.pausedAt.value = paused ? this.session.now() : undefined
    this.timeline.touch()
    void this.call('hold', { held: paused })
  }

  /** Selects an event and brings it into view, in the list and in the timeline. */
  reveal(index: number): void {
    this.select(index)
    const { columns, rows } = this.session
    this.scroll.reveal(rows.rankOf(index))
    const time = columns.timeOf(index)
    if (time !== undefined) this.timeline.reveal(time, this.session.viewTime())
  }

  /** Whether the user has seen that these connections were removed. */
  isRemovalSeen(removed: readonly RemovedConnection[]): boolean {
    return this.#seenRemoval.value === keyOf(removed)
  }

  seeRemoval(removed: readonly RemovedConnection[]): void {
    this.#seenRemoval.value = keyOf(removed)
  }

  #rewind(count: number): void {
    const { session, selection } = this
    session.rewind(count)
    this.answers.reset()
    this.findings.reset()
    this.techniques.reset()
    this.timeline.rebuild(session.columns, (index) => session.eventNames[index] ?? '')
    if (selection.index !== undefined && selection.index >= count) selection.clear()
  }

  #reset(): void {
    this.previews.clear()
    this.notes.clear()
    this.timeline.reset()
    this.answers.reset()
    this.findings.reset()
    this.techniques.reset()
    this.exchanges.reset()
    this.latency.reset()
    this.view.value = 'events'
    this.selection.clear()
    this.markedBytes.value = undefined
    this.session.reset()
    this.filter.reset()
    this.scroll.follow()
    this.measure.reset()
    this.wishes.repeat()
  }
}

function keyOf(connections: readonly RemovedConnection[]): string {
  return connections.map(({ id }) => id).join()
}

function setter<T>(target: Signal<T>): (value: T) => void {
  return (value) => {
    target.value = value
  }
}

const PageContext = createContext<PageState | undefined>(undefined)

export const PageProvider = PageContext.Provider

/** The page's state, for its components. */
export function usePage(): PageState {
  const page = useContext(PageContext)
  if (page === undefined) throw new Error('usePage needs a PageProvider around it')
  return page
}
