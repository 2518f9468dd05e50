/**
 * Runs in the panel's page and reports when events were painted. Each animation frame queues a task, which runs
 * when the page's thread has done that frame's style, layout and painting. The task reads the highest number of a
 * row in the document: every event up to it was painted or scrolled past. Arrival times are in the columns of the
 * deltas that the page receives.
 */
;(() => {
  const BIN = 0.5
  const BINS = 20_000
  const deltas = []
  const painted = new Uint32Array(BINS)
  const followed = new Uint32Array(BINS)
  const newest = new Uint32Array(BINS)
  /** From sending a delta in the engine to its arrival here. */
  const channel = new Uint32Array(BINS)
  const gaps = []
  /** Page clock minus session clock: from wall clocks, and the smallest of all messages with `SessionStatus.at`. */
  let offset
  let least = Number.POSITIVE_INFINITY
  let last = -1
  let lastFrame
  let awaited
  let isRunning = false

  const wall = () => {
    // The wall clock has whole milliseconds, so the largest of many differences is the most exact.
    let largest = Number.NEGATIVE_INFINITY
    const until = performance.now() + 5
    while (performance.now() < until) largest = Math.max(largest, Date.now() - performance.now())
    return largest
  }
  const add = (bins, value) => bins[Math.min(BINS - 1, Math.max(0, Math.floor(value / BIN)))]++

  addEventListener('message', ({ data }) => {
    if (!isRunning || data?.rpc !== 'notify') return
    const status = data.name === 'delta' ? data.data.status : data.name === 'status' ? data.data : undefined
    if (status?.at === undefined) return
    least = Math.min(least, performance.now() - status.at)
    offset ??= Date.parse(status.startedAt) - wall()
    if (data.name !== 'delta' || data.data.columns.count === 0) return
    deltas.push(data.data.columns)
    add(channel, performance.now() - (status.at + offset))
  })

  const eachTime = (from, to, run) => {
    for (const { first, count, time } of deltas)
      for (let n = Math.max(from, first); n < Math.min(to, first + count); n++) run(time[n - first])
  }
  const read = () => {
    const now = performance.now()
    // The list reuses its elements, so that they are in any order.
    let number = -1
    for (const row of document.querySelectorAll('.rows [data-event]'))
      number = Math.max(number, Number(row.getAttribute('data-event')))
    if (number <= last || offset === undefined) return
    eachTime(last + 1, number + 1, (time) => add(painted, now - (time + offset)))
    eachTime(number, number + 1, (time) => add(newest, now - (time + offset)))
    awaited = { from: last + 1, to: number + 1 }
    last = number
  }
  const behind = new MessageChannel()
  behind.port1.onmessage = read
  const frame = (time) => {
    if (!isRunning) return
    if (lastFrame !== undefined) gaps.push(time - lastFrame)
    lastFrame = time
    if (awaited !== undefined) {
      // The frame's time may be before the work that delayed the frame.
      const now = performance.now()
      eachTime(awaited.from, awaited.to, (at) => add(followed, now - (at + offset)))
      while (deltas.length > 0 && deltas[0].first + deltas[0].count <= awaited.to) deltas.shift()
      awaited = undefined
    }
    behind.port2.postMessage(null)
    requestAnimationFrame(frame)
  }

  const disconnectButton = () => document.querySelector('button[aria-label^="Disconnect"]')
  globalThis.benchObserver = {
    start: () => {
      for (const bins of [painted, followed, newest, channel]) bins.fill(0)
      gaps.length = 0
      deltas.length = 0
      least = Number.POSITIVE_INFINITY
      lastFrame = undefined
      isRunning = true
      requestAnimationFrame(frame)
    },
    stop: () => {
      isRunning = false
      const bins = (counts) => Array.from(counts)
      return {
        bin: BIN,
        painted: bins(painted),
        followed: bins(followed),
        newest: bins(newest),
        channel: bins(channel),
        gaps,
        last,
        clockError: least - offset,
      }
    },
    last: () => last,
    /** Presses Disconnect. Returns the milliseconds until the page shows that the connection is not live. */
    disconnect: () =>
      new Promise((resolve) => {
        const started = performance.now()
        disconnectButton().click()
        const look = () => {
          if (disconnectButton() === null) resolve(performance.now() - started)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
  }
})()
