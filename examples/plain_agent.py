"""A small booking assistant: the plain openai client, a tool loop, nothing of ours.

Run it against any OpenAI-compatible endpoint, and record it without changing a line:

    export OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=unused
    opentelemetry-instrument python examples/plain_agent.py
"""

from __future__ import annotations

import json
import os

from openai import OpenAI

MODEL = os.environ.get("MODEL", "gpt-4o-mini")
SYSTEM = (
    "You take table bookings for a small restaurant. Look up free tables before you promise one. "
    "Never book for more than eight guests; hand such requests to a human."
)
CUSTOMER = (
    "Hi, this is Kim Example. A table for two on Friday at seven, please. "
    "You reach me at +1 415 555 0100 or kim@example.com."
)
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "find_table",
            "description": "Free tables on a day.",
            "parameters": {
                "type": "object",
                "properties": {"day": {"type": "string"}, "guests": {"type": "integer"}},
                "required": ["day", "guests"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "book_table",
            "description": "Books a table under a phone number.",
            "parameters": {
                "type": "object",
                "properties": {"table": {"type": "string"}, "phone": {"type": "string"}},
                "required": ["table", "phone"],
            },
        },
    },
]


def find_table(day: str, guests: int) -> dict:
    """Pretend to look the tables up."""
    return {"day": day, "guests": guests, "tables": ["T4", "T7"]}


def book_table(table: str, phone: str) -> dict:
    """Pretend to book."""
    return {"table": table, "phone": phone, "status": "booked"}


FUNCTIONS = {"find_table": find_table, "book_table": book_table}


def answer(client: OpenAI, messages: list) -> str:
    """Ask the model and run the tools it asks for, until it answers."""
    for _ in range(5):
        completion = client.chat.completions.create(
            model=MODEL, messages=messages, tools=TOOLS, tool_choice="auto"
        )
        message = completion.choices[0].message
        messages.append(message)
        if not message.tool_calls:
            return message.content or ""
        for call in message.tool_calls:
            result = FUNCTIONS[call.function.name](**json.loads(call.function.arguments))
            messages.append(
                {"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)}
            )
    return "One moment, a colleague takes over."


def main() -> None:
    """Answer one customer."""
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": CUSTOMER}]
    print(answer(OpenAI(), messages))


if __name__ == "__main__":
    main()
