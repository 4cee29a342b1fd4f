/** Answers as models write them, for tests: between them they use all of the Markdown that is shown. */
export const sampleAnswers: readonly string[] = [
  `Sure! Here is a **short plan** with *some* emphasis, \`code\` and ~~nothing~~ left out.

## First steps

1. Install it: \`npm start\`
2. Open the [page](http://localhost:8080 "The page") and *type*
   - nested **item** one
   - nested item two

   with a paragraph inside
3. Done

Here are:
- one
- two with \`a | b\`
- [ ] an open task
- [x] a done task

\`\`\`ts
const answer = await ask("why?");

// snake_case_names and **stars** stay as they are
console.log(answer);
\`\`\`

| Name | Does **what** | Price |
|:-----|:-------------:|------:|
| one | asks \`a\` | 1 |
| two | [link](https://example.org/a_(b)) | 2 |

A line that is broken\\
with a backslash, and *one\\
in emphasis*.

> A quote with *emphasis
> across lines* in it.

---

That is ***all***. See https://example.org or <b>not bold</b>, 2 * 3 * 4, snake_case_word, array[0] and [0, 1).
`,
  `[1]: https://example.org/docs "Docs"

Compare:

* **Fast**: about ~5 ms, not ~10 ms
* **Safe**: see [the docs][1] and ![a picture](https://example.org/p.png)

* loose item

    indented within it

~~~
tilde fence with \`\`\` inside
~~~
Text right behind a fence. "Quoted **bold**." And \`\`code with \` tick\`\`.

Title
=====

שלום **עולם**, مرحبا بالعالم.

1. An item with code:

   \`\`\`sh
   npm test

   npm start
   \`\`\`

2. The next item
`,
];
