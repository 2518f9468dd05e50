/** Header fields that people write for realtime connections, with values that are usual. */

export interface HeaderHint {
  readonly name: string
  /** What it says, as a sentence without a period. */
  readonly hint: string
  readonly values: readonly string[]
}

export const HEADER_HINTS: readonly HeaderHint[] = [
  {
    name: 'Accept',
    hint: 'The content types that the client accepts. With text/event-stream, the response is read as Server-Sent Events',
    values: ['text/event-stream', 'application/json', 'application/x-ndjson', 'multipart/mixed', '*/*'],
  },
  {
    name: 'Accept-Encoding',
    hint: 'The compressions that the client accepts',
    values: ['identity', 'gzip', 'br', 'gzip, deflate, br'],
  },
  {
    name: 'Authorization',
    hint: 'Credentials. Write the token as {{$secret NAME}}, so that it is not in the file. The password after Basic and a user is encoded, Digest answers the challenge of the server, and AWS signs each request',
    values: [
      'Bearer {{$secret TOKEN}}',
      'Basic {{user}} {{$secret PASSWORD}}',
      'Digest {{user}} {{$secret PASSWORD}}',
      'AWS {{accessKeyId}} {{$secret AWS_SECRET}} region:us-east-1 service:execute-api',
    ],
  },
  { name: 'Cache-Control', hint: 'What caches may do', values: ['no-cache', 'no-store'] },
  {
    name: 'Content-Type',
    hint: 'The type of the body',
    values: [
      'application/json',
      'application/graphql-response+json',
      'application/x-ndjson',
      'application/x-www-form-urlencoded',
      'text/plain; charset=utf-8',
    ],
  },
  { name: 'Cookie', hint: 'Cookies, which may be secret', values: ['session={{$secret SESSION}}'] },
  { name: 'If-Modified-Since', hint: 'Asks only for what changed after a date', values: [] },
  { name: 'If-None-Match', hint: 'Asks only for a version with another ETag', values: [] },
  {
    name: 'Last-Event-ID',
    hint: 'The id after which a stream of Server-Sent Events continues',
    values: [],
  },
  {
    name: 'Origin',
    hint: 'The origin of the page that connects. WebSocket servers may check it',
    values: [],
  },
  { name: 'Referer', hint: 'The page that links to the URL', values: [] },
  {
    name: 'Sec-WebSocket-Protocol',
    hint: 'The subprotocols that the WebSocket offers',
    values: [
      'graphql-transport-ws',
      'graphql-ws',
      'mqtt',
      'v12.stomp',
      'wamp.2.json',
      'ocpp1.6',
      'ocpp2.0.1',
      'actioncable-v1-json',
      'json',
    ],
  },
  { name: 'User-Agent', hint: 'The program that connects', values: [] },
  { name: 'X-API-Key', hint: 'A key of an API', values: ['{{$secret API_KEY}}'] },
]

/** What is known of a header field, by its name in any case. */
export function headerHint(name: string): HeaderHint | undefined {
  const lower = name.toLowerCase()
  return HEADER_HINTS.find((each) => each.name.toLowerCase() === lower)
}
