/** The recordings to choose from in the playground: names of their files, without `.rtsession`, and what they are called there. */
export const EXAMPLES = {
  demo: 'Every transport: half a minute of the demo',
  chat: 'A chat over WebSocket that loses messages',
  answer: 'The answer of a language model over SSE',
  mqtt: 'MQTT over WebSocket',
  feed: 'One feed by five techniques, with polling',
} as const

export type ExampleName = keyof typeof EXAMPLES

export function isExample(name: string): name is ExampleName {
  return Object.hasOwn(EXAMPLES, name)
}
