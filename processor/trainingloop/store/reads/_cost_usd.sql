-- What a decision cost in US dollars: what its sender said, else its tokens at the model's price.
-- NULL where neither is known, so count what has a cost beside every sum. Parameters: those of
-- trainingloop.prices.Prices.binds. Name the result otherwise than cost_usd, which it reads.
coalesce(
    cost_usd,
    if(
        has({priced_models:Array(String)}, toString(model)) AND input_tokens + output_tokens > 0,
        (
            (input_tokens - least(cache_read_tokens, input_tokens))
                * {input_usd:Array(Float64)}[indexOf({priced_models:Array(String)}, toString(model))]
            + least(cache_read_tokens, input_tokens)
                * {cached_input_usd:Array(Float64)}[indexOf({priced_models:Array(String)}, toString(model))]
            + output_tokens
                * {output_usd:Array(Float64)}[indexOf({priced_models:Array(String)}, toString(model))]
        ) / 1e6,
        NULL
    )
)
