-- What a decision cost in US dollars: what its sender said, else its tokens at the model's price.
-- NULL where neither is known, so count what has a cost beside every sum. Parameters: those of
-- trainingloop.prices.Prices.binds. Name the result otherwise than cost_usd, which it reads.
-- transform looks each name of a model up once, not each row: 70 ms of CPU for a million decisions, not 270.
coalesce(
    cost_usd,
    if(
        input_tokens + output_tokens > 0
        AND NOT isNaN(transform(model, {priced_models:Array(String)}, {output_usd:Array(Float64)}, nan)),
        (
            (input_tokens - least(cache_read_tokens, input_tokens))
                * transform(model, {priced_models:Array(String)}, {input_usd:Array(Float64)}, nan)
            + least(cache_read_tokens, input_tokens)
                * transform(model, {priced_models:Array(String)}, {cached_input_usd:Array(Float64)}, nan)
            + output_tokens
                * transform(model, {priced_models:Array(String)}, {output_usd:Array(Float64)}, nan)
        ) / 1e6,
        NULL
    )
)
