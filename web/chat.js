// The chat page: what is said lives in this page's memory and nowhere else in the browser. The help page loads this
// file too, for the way out alone.
"use strict";

// Where "Leave this page" goes; both pages link to the same address for browsers without JavaScript.
const LEAVE_TO = "https://www.bbc.co.uk/weather";
const LEAVE_TITLE = "Weather";

const SHIFT_PRESSES = 3;
const SHIFT_PAUSE_MS = 5_000;
const ANSWER_TIMEOUT_MS = 30_000;
const WAITING_AFTER_MS = 400;

const NOTICE = [
  "Hello. I'm a program, not a person, and not an emergency service. If you're in danger, call your local emergency " +
    "number or press “Get help now”.",
  "This page keeps our chat only while it is open. Whoever runs it keeps what you write on their server for a while, " +
    "so please leave out names and addresses.",
  "To get away fast, press “Leave this page”, or Shift three times on a keyboard: the chat is erased and a " +
    "weather page opens. Your browser's history still shows that you were here.",
];
const WAITING = "Looking for an answer";
const IN_DANGER =
  "If you're in danger, call your local emergency number. At https://findahelpline.com you can find a free line in " +
  "most countries.";
const TROUBLE = {
  lost: `I couldn't be reached just now, so your message may not have arrived. It isn't your doing. ${IN_DANGER}`,
  failed: `Something went wrong here, and it isn't your doing. ${IN_DANGER}`,
  busy: `That was too much at once for me. You can try again in a moment. ${IN_DANGER}`,
};

// ---------------------------------------------------------------------------------------------- leaving

/** What leaving does besides blanking the page; the chat adds its own. */
let beforeLeaving = () => {};

function leave() {
  document.body.replaceChildren();
  document.title = LEAVE_TITLE;
  beforeLeaving();
  location.replace(LEAVE_TO);
}

function watchForLeaving() {
  for (const link of document.querySelectorAll(".leave")) {
    link.addEventListener("click", (event) => {
      // A click meant for a new tab leaves as well: this page is what has to go.
      event.preventDefault();
      leave();
    });
  }
  let presses = 0;
  let alone = false;
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
    // Capital letters and shortcuts are typing, not leaving.
    if (!alone) presses = 0;
  });
  document.addEventListener("pointerdown", () => {
    presses = 0;
    alone = false;
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    presses = event.timeStamp - last <= SHIFT_PAUSE_MS ? presses + 1 : 1;
    last = event.timeStamp;
    if (presses >= SHIFT_PRESSES) leave();
  });
}

// ---------------------------------------------------------------------------------------------- talking to the server

/** The server would not take the message; `message` is its reason, written for the person. */
class Refused extends Error {}

/** The server answered, without a reply. */
class Failed extends Error {
  constructor(status) {
    super(`The server answered ${status}.`);
    this.status = status;
  }
}

/** One conversation with the server. */
class Conversation {
  #session = null;
  #request = null;

  /**
   * Says a message.
   * @param {string} id - Id of the message; the same one again gives the same answer.
   * @param {string} text - What the person wrote.
   * @returns {Promise<object[]>} The bot's messages.
   * @throws {Refused|Failed|TypeError|DOMException} The last two when the connection is lost or too slow.
   */
  async say(id, text) {
    try {
      return await this.#say(id, text);
    } catch (error) {
      if (!(error instanceof Failed) || error.status !== 401) throw error;
      this.#session = null;
      return this.#say(id, text);
    }
  }

  /** Erases the conversation on the server, even while the page goes away. */
  erase() {
    this.#request?.abort();
    if (this.#session === null) return;
    // Nobody is left to be told if this fails.
    fetch("conversation", this.#options("DELETE", { session: this.#session }, { keepalive: true })).catch(() => {});
    this.#session = null;
  }

  async #say(id, text) {
    if (this.#session === null) {
      const { session } = await this.#post("session", {});
      if (typeof session !== "string") throw new Failed(200);
      this.#session = session;
    }
    const { messages } = await this.#post("messages", { session: this.#session, id, text });
    if (!Array.isArray(messages) || messages.length === 0) throw new Failed(200);
    return messages;
  }

  async #post(address, body) {
    const request = new AbortController();
    const timer = setTimeout(() => request.abort(), ANSWER_TIMEOUT_MS);
    this.#request = request;
    try {
      const response = await fetch(address, this.#options("POST", body, { signal: request.signal }));
      const answer = await response.json().catch((error) => {
        // What is no JSON comes from something in between, such as a proxy's error page.
        if (error instanceof SyntaxError) return null;
        throw error;
      });
      const readable = answer !== null && typeof answer === "object";
      if (response.ok && readable) return answer;
      if ([400, 413].includes(response.status) && readable && typeof answer.error === "string") {
        throw new Refused(answer.error);
      }
      throw new Failed(response.status);
    } finally {
      clearTimeout(timer);
    }
  }

  #options(method, body, more) {
    return {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      ...more,
    };
  }
}

function newId() {
  // crypto.randomUUID does not exist on a page served without TLS.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---------------------------------------------------------------------------------------------- drawing messages

/** Makes an element; children are elements or text, and text is never read as HTML. */
function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function unseen(text) {
  return make("span", "unseen", text);
}

/** A web address that may be linked, or null: nothing but http and https. */
function webAddress(text) {
  const first = String(text).split(" ")[0];
  if (!/^https?:\/\//i.test(first)) return null;
  try {
    return new URL(first);
  } catch {
    return null;
  }
}

function outside(link, address) {
  link.href = address.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

/** A paragraph in which web addresses are links. */
function paragraph(className, text) {
  const made = make("p", className);
  for (const part of text.split(/(https?:\/\/[^\s<>"“”]*[^\s<>"“”.,;:!?)])/i)) {
    const address = webAddress(part);
    made.append(address ? outside(make("a", "", part, unseen(" (opens in a new tab)")), address) : part);
  }
  return made;
}

/** The citation under an answer: the bot's own line where the text has one. */
function citation(source, line) {
  const text = line ?? `Source: “${source.title}”, ${source.publisher}.`;
  const address = webAddress(source.url);
  if (!address) return make("p", "source", text);
  return make("p", "source", outside(make("a", "", text, unseen(" (opens in a new tab)")), address));
}

const NUMBER = /^[+*#]?\d[\d\s().-]*#?$/;

/** The number to dial in "112 (mobile)" or "079, option 1"; null if there is none. */
function dialled(part) {
  const number = part.replace(/\s*\(.*$/, "").replace(/,.*$/, "").trim();
  return NUMBER.test(number) ? number.replace(/[\s().-]/g, "").replaceAll("#", "%23") : null;
}

/** The links that call a resource; "10111 (police) or 112 (mobile)" is two. */
function callWays(card) {
  return card.phone.split(/\s+(?:\/|or)\s+/).map((part) => {
    const number = dialled(part);
    const words = [`Call ${part}`, unseen(`, ${card.name}`)];
    if (number === null) return make("span", "", ...words);
    const link = make("a", "way main-way", ...words);
    link.href = `tel:${number}`;
    return link;
  });
}

/** The link that texts a resource: "0458 737 732", or "HOPE to 64673" with its word filled in; else only words. */
function textWay(card) {
  const [, word, number] = card.text.match(/^(?:(.+) to )?(\+?\d[\d\s-]*)$/) ?? [];
  if (!number) return make("span", "", /^(?:text|sms)\b/i.test(card.text) ? card.text : `Text: ${card.text}`);
  const link = make("a", "way", `Text ${card.text}`, unseen(`, ${card.name}`));
  // Only a word to be sent as it stands: "ZIP code" is not one.
  const body = word?.match(/^(?:([A-Z]+)|"(\w+)")$/);
  // "?&" is read by both families of phones.
  link.href = `sms:${number.replace(/[\s-]/g, "")}${body ? `?&body=${encodeURIComponent(body[1] ?? body[2])}` : ""}`;
  return link;
}

function webWays(card) {
  const [chat, site] = [webAddress(card.chat), webAddress(card.url)];
  const about = unseen(`, ${card.name} (opens in a new tab)`);
  const ways = [];
  if (chat) {
    ways.push(outside(make("a", "way", card.chat === card.url ? "Chat or read online" : "Chat online", about), chat));
  } else if (card.chat) {
    ways.push(make("span", "", `Chat: ${card.chat}`));
  }
  if (site && card.chat !== card.url) {
    const name = site.hostname.replace(/^www\./, "");
    ways.push(outside(make("a", "way", name, about.cloneNode(true)), site));
  }
  return ways;
}

const BULLET = "• ";

/** When a resource answers and for whom: the brackets after its name in the message's text say more than its hours. */
function aboutOf(card, line) {
  const said = line?.slice(BULLET.length + card.name.length).match(/^ \((.*?)\): (?:call|text|chat|online) /);
  return said ? said[1] : card.hours;
}

function resourceCard(card, line) {
  const made = make("li", card.kind === "emergency" ? "card urgent" : "card", make("p", "name", card.name));
  const about = aboutOf(card, line);
  if (about) made.append(make("p", "about", about.charAt(0).toUpperCase() + about.slice(1)));
  const ways = make("div", "ways");
  if (card.phone) ways.append(...callWays(card));
  if (card.text) ways.append(textWay(card));
  ways.append(...webWays(card));
  made.append(ways);
  return made;
}

/**
 * One message of the bot as a bubble.
 * @param {object} message - As in the routing contract: text, kind, sources, resources, buttons.
 * @param {(text: string) => void} choose - Called with a button's payload.
 */
function bubble(message, choose) {
  const { text = "", sources = [], resources = [], buttons = [] } = message;
  const made = make("div", "bubble", unseen("Reply: "));
  let lines = String(text).split("\n");
  // What a card or the citation shows is not said twice. The text lists the resources in their order.
  const bullets = lines.filter((line) => line.startsWith(BULLET));
  const cards = resources.map((card, index) => ({
    card,
    line: bullets[index]?.startsWith(BULLET + card.name) ? bullets[index] : undefined,
  }));
  const cited = sources.length ? lines.find((line) => line.startsWith("Source: ")) : undefined;
  lines = lines.filter((line) => line !== cited && !cards.some((shown) => shown.line === line));
  for (const part of lines.join("\n").split(/\n{2,}/)) {
    if (part.trim()) made.append(paragraph("", part.trim()));
  }
  if (cards.length) made.append(make("ul", "cards", ...cards.map(({ card, line }) => resourceCard(card, line))));
  sources.forEach((source, index) => made.append(citation(source, index === 0 ? cited : undefined)));
  if (buttons.length) {
    const choices = make("div", "choices");
    for (const { title, payload } of buttons) {
      const button = make("button", "choice", title);
      button.type = "button";
      button.addEventListener("click", () => {
        choices.remove();
        choose(payload);
      });
      choices.append(button);
    }
    made.append(choices);
  }
  return made;
}

// ---------------------------------------------------------------------------------------------- the page

function startChat(talk) {
  const [log, waiting, composer, box] = ["log", "waiting", "composer", "box"].map((id) => document.getElementById(id));
  const conversation = new Conversation();
  // Messages are answered one after the other, in the order in which they were sent.
  let queue = Promise.resolve();
  let unanswered = 0;

  beforeLeaving = () => conversation.erase();

  const pointsFinely = matchMedia("(pointer: fine)").matches;

  /** Puts the focus back after a button that is gone. On a phone the text box would bring up the keyboard. */
  function focusAfterButton() {
    (pointsFinely ? box : log).focus({ preventScroll: true });
  }

  /** Shows the newest words, from the person's own message on where there is more than fits. */
  function scrollTo(own) {
    log.scrollTop = Math.min(log.scrollHeight, own.offsetTop - 8);
  }

  function expectAnswer(change) {
    unanswered += change;
    if (unanswered === 0) waiting.textContent = "";
    // Most answers are there at once; only a longer wait is worth a word.
    else setTimeout(() => unanswered > 0 && (waiting.textContent = WAITING), WAITING_AFTER_MS);
  }

  function show(own, ...bubbles) {
    const turn = make("div", "turn", ...bubbles);
    own.after(turn);
    scrollTo(own);
    return turn;
  }

  function showTrouble(own, text, again) {
    const made = make("div", "bubble notice", unseen("Notice: "), paragraph("", text));
    const turn = show(own, made);
    if (!again) return;
    const button = make("button", "choice", "Try again");
    button.type = "button";
    button.addEventListener("click", () => {
      turn.remove();
      focusAfterButton();
      again();
    });
    made.append(make("div", "choices", button));
    scrollTo(own);
  }

  function deliver(own, id, text) {
    expectAnswer(1);
    queue = queue.then(async () => {
      const again = () => deliver(own, id, text);
      try {
        const messages = await conversation.say(id, text);
        show(own, ...messages.map((message) => bubble(message, choose)));
      } catch (error) {
        // Whatever failed, on the server, on the way or in drawing the answer: the person gets words and a way on.
        if (error instanceof Refused) showTrouble(own, error.message, null);
        else if (error instanceof Failed) showTrouble(own, error.status === 429 ? TROUBLE.busy : TROUBLE.failed, again);
        else showTrouble(own, TROUBLE.lost, again);
      }
      expectAnswer(-1);
    });
  }

  function say(text) {
    const own = make("div", "bubble own", unseen("You: "), make("p", "", text));
    own.dir = "auto";
    log.append(own);
    scrollTo(own);
    deliver(own, newId(), text);
  }

  function choose(payload) {
    say(payload);
    focusAfterButton();
  }

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    say(text);
    box.focus({ preventScroll: true });
  });
  box.addEventListener("keydown", (event) => {
    // Enter also ends a word in Japanese, Chinese and Korean input; that one is not for sending.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    composer.requestSubmit();
  });

  // Going away in any manner leaves nothing for Back to show, neither in a page the browser keeps nor on return.
  window.addEventListener("pagehide", () => {
    log.replaceChildren();
    box.value = "";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  talk.hidden = false;
  log.append(make("div", "turn", make("div", "bubble notice", ...NOTICE.map((text) => paragraph("", text)))));
  if (pointsFinely) box.focus();
}

/** Lets "Get help now" open beside the chat; loaded beforehand, so that it opens when the connection is gone. */
async function prepareHelp(talk) {
  const link = document.querySelector(".help-link");
  const panel = document.getElementById("help");
  let response;
  try {
    response = await fetch(link.href);
  } catch {
    return; // The link stays a plain link.
  }
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const back = make("button", "choice", "Back to the chat");
  back.type = "button";
  panel.append(back, ...page.querySelector("main").children);

  function open(isOpen) {
    panel.hidden = !isOpen;
    talk.hidden = isOpen;
    (isOpen ? panel : link).focus();
  }
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open(true);
  });
  back.addEventListener("click", () => open(false));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
}

/** Keeps the page inside what is seen of the window: some phones draw their keyboard over it. */
function fitToWindow() {
  const seen = window.visualViewport;
  if (!seen) return;
  function fit() {
    if (seen.scale > 1.01) return; // The person magnifies; the page stays as it was.
    document.body.style.setProperty("--seen-height", `${seen.height}px`);
    document.body.style.setProperty("--seen-top", `${seen.offsetTop}px`);
  }
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  fit();
}

watchForLeaving();
const talk = document.getElementById("talk");
if (talk) {
  fitToWindow();
  startChat(talk);
  prepareHelp(talk);
}
