/** The playground: a bar to choose a recording, and the panel in a frame. */
import { useData, withBase } from 'vitepress'
import { defineComponent, h, onMounted, onUnmounted, ref, watch } from 'vue'
import type { FromPanel, ThemeName, ToPanel } from '../../playground/panel/messages.ts'
import { EXAMPLES, type ExampleName, isExample } from '../../recordings/examples.ts'
import { type OpenFile, openExample, openFile } from './open-file.ts'

/** The parameter of the page's address that names an example. */
const PARAMETER = 'recording'

export const Playground = defineComponent({
  name: 'RecordingPlayground',
  setup() {
    const { isDark } = useData()
    const theme = (): ThemeName => (isDark.value ? 'dark' : 'light')
    const frame = ref<HTMLIFrameElement>()
    const chosen = ref<ExampleName | ''>('')
    /** What is open. A new object for each time that something is opened. */
    const opened = ref<OpenFile>()
    const problem = ref('')
    let number = 0

    const tell = (message: ToPanel) => frame.value?.contentWindow?.postMessage(message, location.origin)

    /** Opens what was asked for last. */
    async function open(name: ExampleName | '', opening: () => Promise<OpenFile>): Promise<void> {
      const own = ++number
      chosen.value = name
      problem.value = ''
      const address = new URL(location.href)
      if (name === '') address.searchParams.delete(PARAMETER)
      else address.searchParams.set(PARAMETER, name)
      history.replaceState(history.state, '', address)
      try {
        const file = await opening()
        if (own === number) opened.value = file
      } catch (thrown) {
        if (own === number) problem.value = thrown instanceof Error ? thrown.message : String(thrown)
      }
    }

    const example = (name: ExampleName) => void open(name, () => openExample(name))
    const own = (file: File | null | undefined) => file && void open('', () => openFile(file))

    function listen({ data, source, origin }: MessageEvent<FromPanel>): void {
      if (source !== frame.value?.contentWindow || origin !== location.origin) return
      if (data.kind === 'dropped') own(data.file)
      if (data.kind === 'ready' && opened.value !== undefined) {
        tell({ kind: 'theme', theme: theme() })
        tell({ kind: 'open', ...opened.value })
      }
    }

    onMounted(() => {
      addEventListener('message', listen)
      const asked = new URLSearchParams(location.search).get(PARAMETER) ?? ''
      if (asked === '' || isExample(asked)) example(isExample(asked) ? asked : 'demo')
      else problem.value = `There is no example ${asked}; choose one of the list.`
    })
    onUnmounted(() => removeEventListener('message', listen))
    watch(isDark, () => tell({ kind: 'theme', theme: theme() }))

    return () =>
      h(
        'section',
        {
          class: 'playground',
          'aria-label': 'Playground',
          onDragover: (event: DragEvent) => event.preventDefault(),
          onDrop: (event: DragEvent) => {
            event.preventDefault()
            own(event.dataTransfer?.files[0])
          },
        },
        [
          h('div', { class: 'playground-bar' }, [
            h('label', [
              'Recording ',
              h(
                'select',
                {
                  value: chosen.value,
                  onChange: ({ target }: Event) => {
                    const { value } = target as HTMLSelectElement
                    if (isExample(value)) example(value)
                  },
                },
                [
                  chosen.value === '' && h('option', { value: '' }, opened.value?.name ?? 'none'),
                  ...Object.entries(EXAMPLES).map(([name, title]) =>
                    h('option', { value: name, key: name }, title),
                  ),
                ],
              ),
            ]),
            h('label', { class: 'playground-file' }, [
              'Open a file… ',
              h('input', {
                type: 'file',
                accept: '.rtsession,.har',
                onChange: ({ target }: Event) => {
                  const input = target as HTMLInputElement
                  own(input.files?.[0])
                  // The same file can be chosen again.
                  input.value = ''
                },
              }),
            ]),
            h(
              'span',
              { class: 'playground-note' },
              'or drop a .rtsession or .har here. It stays on your machine.',
            ),
            h('p', { role: 'alert', class: 'playground-problem' }, problem.value),
          ]),
          opened.value !== undefined &&
            h('iframe', {
              ref: frame,
              key: number,
              title: `The panel on ${opened.value.name}`,
              src: `${withBase('/playground-panel/index.html')}#${theme()}`,
              allow: 'clipboard-write',
            }),
        ],
      )
  },
})
