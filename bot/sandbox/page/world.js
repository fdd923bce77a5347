/** What the sandbox tells: the whole world first, then each change. And what people do in it. */

export const world = { bot: null, people: new Map(), phones: [], writers: [], desk: null, rooms: new Map() };

const listeners = [];

/** `listener(event)`; event.what is "everything", "message", "thread" or "connection". */
export function listen(listener) {
  listeners.push(listener);
}

function tell(event) {
  for (const listener of listeners) listener(event);
}

export function connect() {
  const source = new EventSource("/page/events");
  source.onmessage = ({ data }) => receive(JSON.parse(data));
  source.onopen = () => tell({ what: "connection", open: true });
  source.onerror = () => tell({ what: "connection", open: false });
}

function receive(event) {
  if (event.what === "everything") {
    world.bot = event.bot;
    world.people = new Map(event.people.map((person) => [person.id, person]));
    world.phones = event.phones;
    world.writers = event.writers;
    world.desk = event.desk;
    world.rooms = new Map(event.rooms.map((room) => [room.id, withMaps(room)]));
  } else {
    const room = world.rooms.get(event.room);
    if (!room) return;
    if (event.what === "message") {
      room.keyboard = event.keyboard;
      if (event.message.deleted) room.messages.delete(event.message.id);
      else room.messages.set(event.message.id, event.message);
    }
    if (event.what === "thread") {
      if (event.thread.deleted) room.threads.delete(event.thread.id);
      else room.threads.set(event.thread.id, event.thread);
    }
  }
  tell(event);
}

function withMaps(room) {
  return {
    ...room,
    messages: new Map(room.messages.map((message) => [message.id, message])),
    threads: new Map(room.threads.map((thread) => [thread.id, thread])),
  };
}

/** The thread of a message; 0 is the chat itself. */
export function threadOf(message) {
  return message.content.is_topic_message ? message.content.message_thread_id : 0;
}

async function post(path, options) {
  const response = await fetch(`/page/${path}`, { method: "POST", ...options });
  const answer = await response.json();
  if (answer.error) throw new Error(answer.error);
  return answer;
}

function postJson(path, body) {
  return post(path, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export function says(place, text, replyTo) {
  return postJson("says", { ...place, text, reply_to: replyTo });
}

export function taps(place, message, data) {
  return postJson("taps", { ...place, message, data });
}

export function sends(place, kind, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...place, kind })) form.append(name, value);
  if (file) form.append("file", file, file.name);
  return post("sends", { body: form });
}

export async function about(person) {
  return (await fetch(`/page/about/${person}`)).json();
}
