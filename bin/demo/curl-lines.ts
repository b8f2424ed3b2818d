/** One call for each protocol, ready to paste. The key and the bodies hold nothing that a shell would read. */
export function curlLines(url: string, key: string): readonly string[] {
  const question = [{ role: "user", content: "What is a gate? Write to bob@example.com." }];
  return [
    curl(`${url}/v1/chat/completions`, `Authorization: Bearer ${key}`, { model: "gpt-4o-mini", messages: question }),
    curl(`${url}/v1/responses`, `Authorization: Bearer ${key}`, {
      model: "gpt-4o-mini",
      input: "What is a gate? Write to bob@example.com.",
    }),
    curl(`${url}/v1/messages`, `x-api-key: ${key}`, {
      model: "claude-sonnet-4-5",
      max_tokens: 256,
      messages: question,
    }),
  ];
}

function curl(url: string, credential: string, body: unknown): string {
  return `curl -s ${url} -H '${credential}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}
