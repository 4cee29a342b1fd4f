import { expect, test } from "vitest";
import { answer, topicOf, topics } from "./answer.ts";
import { lines } from "./topic.ts";

const at = { page: "http://localhost:8080", socket: "ws://localhost:8080/ws" };

test.each([
  ["hi", "Hello!"],
  ["Hello!", "Hello!"],
  ["good morning", "Hello!"],
  ["", "Hello!"],
  ["how do I start", "Hello!"],
  ["what is this", "What is Colloquy?"],
  ["What's this?", "What is Colloquy?"],
  ["hi, what is colloquy", "What is Colloquy?"],
  ["why should I use this", "What is Colloquy?"],
  ["help", "What can you answer?"],
  ["?", "What can you answer?"],
  ["hi, can you help me?", "What can you answer?"],
  ["who are you", "Who are you?"],
  ["what model are you", "Who are you?"],
  ["write me a poem", "Write me a poem"],
  ["Write a haiku about the sea", "Write me a poem"],
  ["tell me a joke", "Tell me a joke"],
  ["a long story", "Tell me a long story"],
  ["show me markdown", "Show me markdown"],
  ["how do I connect a client?", "How do I connect a client?"],
  ["Hello, how do I connect?", "How do I connect a client?"],
  ["python client example", "How do I connect from Python?"],
  ["how do i use gpt-4", "How do I use a real model?"],
  ["api key", "How do I use a real model?"],
  ["can I run it with ollama", "How do I use a real model?"],
  ["what happens if I reload while an answer is streaming", "What happens when I refresh?"],
  ["second tab", "What happens when I refresh?"],
  ["does it lose messages when my wifi drops", "What happens when I refresh?"],
  ["what happens if the server crashes", "What if the server is killed?"],
  ["kill -9", "What if the server is killed?"],
  ["how does stop work", "How does stop work?"],
  ["two users at the same time", "What if two people type at once?"],
  ["what is a cursor", "What is a cursor?"],
  ["what is the team", "What is the team?"],
  ["can you ask several models at once", "What is the team?"],
  ["sequencer", "What is the team?"],
  ["do you support socket.io", "Which wires are there?"],
  ["change the port", "Which settings are there?"],
  ["is it secure", "How do I sign people in?"],
  ["where is the history stored", "Where is my data?"],
  ["how to embed in express", "How do I embed it?"],
  ["docker", "Can I run it in Docker?"],
  ["what are tools", "What are tools?"],
  ["how does function calling work", "What are tools?"],
  ["who approves a call", "What are tools?"],
  ["do you support mcp", "What are tools?"],
  ["can I use claude", "How do I use a real model?"],
  ["grok", "How do I use a real model?"],
  ["thanks!", "Thank you!"],
])("a newcomer who types %j hears about %j", (prompt, question) => {
  expect(topicOf(prompt)?.question).toBe(question);
});

test("every topic is found by its own question", () => {
  for (const { question } of topics) expect(topicOf(question)?.question).toBe(question);
});

test("every question that an answer suggests is answered", () => {
  const replies = [...topics.map((topic) => topic.says(at)), answer("xyzzy", at)];
  // Suggestions are bold, and in italics in the table of the help.
  const suggestions = /\*\*([^*\n]+\?)\*\*|^\| \*([^*\n]+\?)\*/gm;
  const suggested = replies.flatMap((text) =>
    [...text.matchAll(suggestions)].map((match) => match[1] ?? match[2] ?? ""),
  );
  expect(suggested.length).toBeGreaterThan(20);
  for (const question of suggested) {
    expect([question, topicOf(question)?.question.toLowerCase()]).toEqual([question, question.toLowerCase()]);
  }
});

test("every topic has something to say, and closes its fences", () => {
  for (const topic of topics) {
    const text = topic.says(at);
    expect([topic.question, (text.match(/^```/gm) ?? []).length % 2]).toEqual([topic.question, 0]);
    expect(text.length).toBeGreaterThan(150);
    expect(text).toBe(text.trim());
  }
});

test("paragraphs are one line each; lists, tables, verses and code keep theirs", () => {
  const text = lines(
    "one",
    "two",
    "",
    "- three",
    "  four",
    "- five",
    "> six",
    "| a |",
    "| b |",
    "verse  ",
    "verse",
    "```js",
    "seven",
    "  eight",
    "```",
    "nine",
  );
  expect(text.split("\n")).toEqual([
    "one two",
    "",
    "- three four",
    "- five",
    "> six",
    "| a |",
    "| b |",
    "verse  ",
    "verse",
    "```js",
    "seven",
    "  eight",
    "```",
    "nine",
  ]);
});

test("what it does not know it says, and what it knows instead", () => {
  const text = answer("what is the **capital** of `France`?\n# hm", at);
  expect(text).toContain("“what is the capital of France ? hm” is beyond me");
  expect(text).toContain("How do I connect a client?");
  expect(answer("😀".repeat(200), at).isWellFormed()).toBe(true);
});

test("P12 any length of prompt is matched in no time", () => {
  expect(answer("what is ".repeat(100_000), at)).toContain("beyond me");
});
