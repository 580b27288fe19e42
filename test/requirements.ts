/**
 * What a channel and its session must be able to do: the field's own promises, made good, and the client's contract, sentence by sentence.
 *
 * Owns: the ids, with source and claim, and the one list of what is owed. Never: shows anything: a test cites the id, `req:lane.key`, in a
 * comment above it (requirements.test.ts).
 */
export type Requirement = { source: Source; claim: string };
type Source = "the field's documents" | "the client's contract";

/** The parts of the author's door that do not stand yet. */
type Part = "host";

/** Who owes a test for what. It may only shrink: `OWED_MAX` in requirements.test.ts falls with it. */
export const OWED: Readonly<Record<string, Part>> = {
  // Which parts of a call the client masks before it relays them is told nowhere.
  "relay.masked": "host",
};

/** The promises of frameworks for channels, each with what is to hold here. */
const FIELD = {
  "field.01":
    "a channel is made by one typed function, without decorators or a framework around it",
  "field.02": "everything that a channel can do can be said in that one definition",
  "field.03":
    "a channel is one instance with a stated life, so what it remembers is there at the next event",
  "field.04":
    "each source has a typed payload and may have a schema; a payload that does not fit is refused with 4xx",
  "field.05":
    "a channel gets what it uses by closures and its context, from the package's own names alone",
  "field.06": "one file is a whole channel server",
  "field.07": "a channel that was added is on: there is no second switch to forget",
  "field.08":
    "meta that is set for a channel is on each of its events, whichever source they come by",
  "field.09": "a name that cannot be used is refused where the channel is defined",
  "field.10":
    "the session's instructions are made from its channels: their attributes, and how each is answered",
  "field.11":
    "what sorts events is read by something: rules and subscriptions go by channel, kind, entity, branch and label",
  "field.12":
    "a channel that cannot run on this machine is refused, with the reason, when it is added",
  "field.13": "fixed meta is checked when the channel is defined, and by its type",
  "field.14":
    "meta of an event is checked before it leaves: no key and no value of it can lose the event",
  "field.15": "no event has a second source: the channel is named in an attribute of its own",
  "field.16": "an event whose text is none is no event, and a long one is capped",
  "field.17": "a channel can drop what it received, by a value, before a model sees any of it",
  "field.18":
    "a webhook has a listener of its own on loopback, also where its server runs alone on stdio",
  "field.19": "a channel gets the raw bytes; JSON, forms and text are read",
  "field.20": "signatures are verified over the raw bytes, and what proves nothing is refused",
  "field.21": "a delivery that comes again is one event, also later and after a restart",
  "field.22":
    "a sender hears 2xx once its event is on disk, and the truth otherwise: 4xx, 429, 503",
  "field.23": "two channels of one name are refused",
  "field.24": "an event is pushed through a typed handle, whose result says what became of it",
  "field.25": "an event has the kind that its sender gave it; none is built in",
  "field.26": "the end of an agent's work can be told by any program",
  "field.27": "an event without a session goes to one session by the rules, never to all",
  "field.28":
    "a connection is supervised: tried again with growing pauses, its state told, an outage waited out",
  "field.29": "what arrives before a service is ready is kept and handed over once it is",
  "field.30": "an event that comes before any session is there waits for one",
  "field.31":
    "files are watched by patterns, with what was written since, without doubles or losses",
  "field.32":
    "who sends an event by hand is told its id and its state; an unknown channel is an error",
  "field.33": "channels for real platforms are part of the package",
  "field.34": "a server declares its channel to a client that may use it",
  "field.35": "delivery never depends on a capability that clients do not declare",
  "field.36": "each session has its own selection of events",
  "field.37": "a person chooses what a session gets, at the command line and through a tool",
  "field.38":
    "what was sent to one session, and its answers, stay in that session and conversation",
  "field.39": "a session's subscriptions are there after a restart",
  "field.40": "an event that met no open connection is not counted as delivered, and goes again",
  "field.41": "one hub serves many sessions, each event to one of them",
  "field.42": "a client of the modern era is answered so that it stays where it has channels",
  "field.43": "events keep their order",
  "field.44": "a reader that stops costs no memory and loses nothing",
  "field.45": "a source has a rate; bursts and floods become one note",
  "field.46": "an event costs the same work however many sessions there are",
  "field.47": "how far an event got can be asked for, step by step",
  "field.48": "what holds an event up on its way says so in its trace",
  "field.49": "what was not read waits, on disk, without a number that it must not exceed",
  "field.50": "what a new session missed comes by itself",
  "field.51": "it gets exactly what it missed, and nothing twice",
  "field.52": "what may have been read before is marked, with the time of its first offer",
  "field.53": "the inbox survives kills and is on without being asked for",
  "field.54": "what waits can be closed by hand",
  "field.55": "an answer goes where its event came from; the model cannot name another place",
  "field.56": "an answer that failed is an error to the model, which says whether to try again",
  "field.57": "an answer to a channel that takes none is an error",
  "field.58": "long answers, files, edits, reactions and typing are the channel's to do",
  "field.59": "a channel's own tools use its live connection",
  "field.60":
    "permission prompts are relayed whole: ids in any case, first answer, an end when nobody answers",
  "field.61": "an unknown sender never reaches a model; pairing is built in",
  "field.62": "a connection is closed on every way out, within bounded time",
  "field.63": "a server whose client is gone ends, whatever is left open, and loses nothing",
  "field.64":
    "what a channel cannot handle is counted, told and left behind; the next event proceeds",
  "field.65": "a server writes to stdout nothing but its protocol",
  "field.66": "status lists the channels",
  "field.67": "each connection's health is shown with its reason",
  "field.68": "one command installs into the client, and doctor names the gate that is closed",
  "field.69": "tests run against a client in memory, with the client's real gates",
  "field.70": "every type that an author needs is exported",
} as const;

/** How the client starts servers and what it makes of their notifications. */
const CONTRACT = {
  "start.discover":
    "a server is asked server/discover first, and by initialize of 2025-11-25 where it refuses",
  "start.modern":
    "a server that answers discover is connected as a modern one, and is never a channel",
  "start.capabilities":
    "the client declares exactly roots and elicitation: nothing says whether it listens to channels",
  "start.probe": "a server may be started, asked and killed: nothing happens before initialized",
  "start.early": "what a server sends before it is registered is lost",
  "start.environment":
    "a server gets the session's id, the project's folder and its plugin's folders by its environment",
  "start.cut": "instructions and descriptions are cut at 2 KB, and ours are shorter",
  "start.loaded": "a tool can say that it is always loaded, and those that are needed at once do",
  "start.person": "a tool can ask for a person at each call, whatever hooks say",
  "start.dead":
    "a server that died is not started again by itself; its tools are gone and the session goes on",
  "start.again": "a server that a person starts again shakes hands and passes the gates anew",
  "lane.params": "a notification has content, a string, and may have meta, strings by name",
  "lane.acknowledged":
    "a notification is not acknowledged: sending it succeeds, whatever becomes of it",
  "lane.dropped":
    "events are dropped without a word to their server where it is no channel of the session or policy blocks it",
  "lane.order": "events are queued in their order",
  "lane.together": "events that arrive while the session is busy come together in the next turn",
  "lane.value": "one meta value that is no string loses the whole event",
  "lane.key": "a meta key that is no identifier loses itself alone",
  "lane.source": "source is the configured name of the server, plugin:NAME:SERVER for a plugin's",
  "lane.twice": "a meta key source would stand there twice, so we send none",
  "lane.escaped": "attribute values are escaped, and content cannot end its tag",
  "lane.inert": "slash commands and files named in content do nothing",
  "lane.bare": "an event that starts a turn comes without a warning",
  "lane.untrusted": "events that arrived in a turn are wrapped as untrusted",
  "lane.reply": "a reply tool is a tool like any other",
  "lane.sender": "a channel lets in by the sender, not by the room",
  "relay.declared": "prompts are relayed to channels that declare it, and to no other server",
  "relay.registered": "only a server that is a channel of the session gets them",
  "relay.since": "a client before 2.1.81 relays nothing",
  "relay.fields": "a request has request_id, tool_name, description and input_preview",
  "relay.id": "a request's id is five letters of a to z without l",
  "relay.case": "an id counts in whatever case it comes back",
  "relay.unknown":
    "a verdict for an id that is not open changes nothing, and the dialog stays open",
  "relay.behavior": "allow lets the call proceed; deny is a No of the person",
  "relay.first": "the dialog stays open meanwhile; the first answer counts and closes the others",
  "relay.once": "a verdict is for its call alone",
  "relay.limit": "a field has up to 3,500 code points",
  "relay.masked": "what looks secret in the fields is masked by the client",
} as const;

/** What closes a channel; the table of cases stands beside src/host/gates.ts. */
const GATES = {
  "gate.capability": "a server that does not declare claude/channel is refused",
  "gate.era": "a modern connection is refused",
  "gate.version": "a client before 2.1.80 has no channels",
  "gate.provider": "Bedrock, Vertex and Foundry have no channels",
  "gate.feature": "a client that does not get the feature has no channels",
  "gate.login": "somebody must be signed in; API keys count since 2.1.128",
  "gate.policy": "channelsEnabled must be true for an organisation, and false closes for everybody",
  "gate.session": "a server must be named by a flag of this session",
  "gate.marketplace": "a plugin must come from the marketplace that the flag names",
  "gate.allowlist": "a plugin must be on the list of approved channels",
  "gate.replaced": "allowedChannelPlugins stands in place of the default list",
  "gate.empty": "an empty list blocks all plugins; development entries pass",
  "gate.server": "a server without a plugin comes in by the development flag alone",
  "gate.entry":
    "a development entry opens the list for itself, not for other entries and not for other gates",
  "gate.asked": "development entries are confirmed by a person at each start",
  "gate.tagged": "a value that is no tagged entry ends the start",
  "gate.screen": "a flag that is of no use is named on the screen",
  "gate.log": "the debug log has the reason, word for word",
  "gate.ours": "a closed gate is named to our user, and nothing is delivered around it",
} as const;

export const REQUIREMENTS: ReadonlyMap<string, Requirement> = new Map([
  ...toRows(FIELD, "the field's documents"),
  ...toRows(CONTRACT, "the client's contract"),
  ...toRows(GATES, "the client's contract"),
]);

function toRows(claims: Readonly<Record<string, string>>, source: Source) {
  return Object.entries(claims).map(([id, claim]): [string, Requirement] => [
    id,
    { source, claim },
  ]);
}
