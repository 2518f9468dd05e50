/** Protocols that the inspector speaks: their handshakes and heartbeats are in docs/protocols.md. */
import type { Preset } from '../preset.ts'

const NOT_REPEATED =
  'After a reconnect, the handshake is repeated, but not the messages below the request: send them again'

export const PROTOCOLS: readonly Preset[] = [
  {
    name: 'socket.io',
    title: 'Socket.IO',
    hint: 'Connects, and emits an event with an acknowledgment',
    request: `### Socket.IO
# The address of the server
@socket_io = ws://localhost:3000
# The event to emit
@socket_io_event = hello
# @option protocol socket.io
WEBSOCKET {{socket_io}}/socket.io/?EIO=4&transport=websocket

{ "event": "{{socket_io_event}}", "args": ["world"], "ack": true }
`,
    resume: `${NOT_REPEATED}. Rooms belong to the session, so the server has to join it to them again`,
    quiet: 'The server pings every 25 seconds (`2`), which is answered (`3`)',
    triedAgainst: { npm: 'socket.io' },
    documents: 'https://socket.io/docs/v4/socket-io-protocol/',
  },
  {
    name: 'graphql-subscription',
    title: 'GraphQL subscription',
    hint: 'Over a WebSocket, in the protocol graphql-transport-ws',
    request: `### GraphQL
# The address of the API
@graphql = ws://localhost:4000/graphql
# What to subscribe to
@graphql_subscription = onPrice { value }
# @option protocol graphql-transport-ws
WEBSOCKET {{graphql}}

{ "query": "subscription { {{graphql_subscription}} }" }
`,
    resume: `${NOT_REPEATED}. The results of an outage are missed`,
    quiet: 'Pings of either side, which are answered; many servers use those of the WebSocket',
    triedAgainst: { npm: 'graphql-ws' },
    documents: 'https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md',
  },
  {
    name: 'mqtt',
    title: 'MQTT over WebSocket',
    hint: 'Subscribes to a topic',
    request: `### MQTT
# The address of the broker's WebSocket listener
@mqtt = ws://localhost:9001/mqtt
# The topic; # and + are wildcards
@mqtt_topic = #
# If the broker asks for a user, add @option protocol-option username=… and password={{$secret MQTT_PASSWORD}}
# @option protocol mqtt
WEBSOCKET {{mqtt}}

{ "form": "subscribe", "topic": "{{mqtt_topic}}", "qos": 1 }
`,
    resume: `${NOT_REPEATED}. With \`clientId=NAME\` and \`clean=false\` as options of the protocol, the broker keeps the subscription and its messages`,
    quiet: 'A ping every 60 seconds, which the broker answers',
    triedAgainst: { npm: 'aedes' },
    documents: 'https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html',
  },
  {
    name: 'stomp',
    title: 'STOMP over WebSocket',
    hint: 'Subscribes to a destination',
    request: `### STOMP
# The address of the broker's WebSocket listener
@stomp = ws://localhost:15674/ws
# The destination
@stomp_destination = /topic/news
# The user
@stomp_user = guest
# @option protocol stomp
# @option protocol-option login={{stomp_user}}
# @option protocol-option passcode={{$secret STOMP_PASSCODE}}
WEBSOCKET {{stomp}}

{ "form": "subscribe", "destination": "{{stomp_destination}}" }
`,
    resume: `${NOT_REPEATED}. What a queue holds comes after that; what a topic sent meanwhile is missed`,
    quiet: 'An empty line from either side every 10 seconds, unless the broker wants none',
    triedAgainst: { npm: 'stomp-broker-js' },
    documents: 'https://stomp.github.io/stomp-specification-1.2.html',
  },
  {
    name: 'phoenix',
    title: 'Phoenix channel',
    hint: 'Joins a topic',
    request: `### Phoenix
# The address of the socket
@phoenix = ws://localhost:4000/socket
# The topic
@phoenix_topic = room:lobby
# @option protocol phoenix
# @option protocol-option topic={{phoenix_topic}}
WEBSOCKET {{phoenix}}/websocket?vsn=2.0.0
`,
    resume:
      'After a reconnect, the topic is joined again. Events of an outage are missed, unless the join asks for them',
    quiet: 'A heartbeat every 30 seconds, which the server answers',
    triedAgainst: { standIn: 'serializer 2.0.0' },
    documents: 'https://hexdocs.pm/phoenix/writing_a_channels_client.html',
  },
  {
    name: 'action-cable',
    title: 'Action Cable',
    hint: 'Subscribes to a channel of a Rails application',
    request: `### Action Cable
# The address of the application
@action_cable = ws://localhost:3000
# The origin that the application allows
@action_cable_origin = http://localhost:3000
# The channel
@action_cable_channel = ChatChannel
# @option protocol action-cable
# @option protocol-option channel={{action_cable_channel}}
WEBSOCKET {{action_cable}}/cable
Origin: {{action_cable_origin}}
`,
    resume: 'After a reconnect, the channel is subscribed again. Broadcasts of an outage are missed',
    quiet: 'The server sends a `ping` with the time every 3 seconds',
    triedAgainst: { standIn: 'actioncable-v1-json' },
    documents: 'https://guides.rubyonrails.org/action_cable_overview.html',
  },
  {
    name: 'signalr',
    title: 'SignalR hub',
    hint: 'Invokes a method of a hub',
    request: `### SignalR
# The address of the hub
@signalr = ws://localhost:5000/hub
# The method
@signalr_method = Hello
# @option protocol signalr
WEBSOCKET {{signalr}}

{ "target": "{{signalr_method}}", "arguments": [] }
`,
    resume: `${NOT_REPEATED}. It is another connection for the hub, so groups are left`,
    quiet: 'Pings of both sides every 15 seconds (`{"type":6}`)',
    triedAgainst: { standIn: 'JSON hub protocol 1' },
    documents: 'https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md',
  },
  {
    name: 'mcp',
    title: 'MCP server',
    hint: 'Opens a session over Streamable HTTP. The message composer calls its tools',
    request: `### MCP
# The address of the endpoint
@mcp = http://localhost:3000/mcp
# @option protocol mcp
SSE {{mcp}}
`,
    resume:
      'The stream is requested again in the same session (`Mcp-Session-Id`), with `Last-Event-ID` and after the `retry` time of the server, if it sends them',
    quiet:
      'An event with an ID and no data begins a stream that can be resumed: it is not a message. Pings are answered',
    triedAgainst: { npm: '@modelcontextprotocol/sdk' },
    documents: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports',
  },
  {
    name: 'home-assistant',
    title: 'Home Assistant WebSocket',
    hint: 'Authenticates, and subscribes to events of the home',
    request: `### Home Assistant
# The address of Home Assistant
@home_assistant_socket = ws://homeassistant.local:8123
# The type of the events
@home_assistant_event = state_changed
# @option protocol home-assistant
# @option protocol-option token={{$secret HOME_ASSISTANT_TOKEN}}
WEBSOCKET {{home_assistant_socket}}/api/websocket

{ "type": "subscribe_events", "fields": { "event_type": "{{home_assistant_event}}" } }
`,
    resume: `${NOT_REPEATED}. Events of an outage are missed`,
    quiet:
      'Pings of the WebSocket. Home Assistant drops a client that has 4096 messages waiting, so do not leave reading paused',
    triedAgainst: { standIn: 'its WebSocket API' },
    documents: 'https://developers.home-assistant.io/docs/api/websocket',
  },
]
