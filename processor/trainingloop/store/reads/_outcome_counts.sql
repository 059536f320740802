countIf(state != 'pending' AND matures_at <= {as_of:DateTime64(3, 'UTC')}) AS matured,
    countIf(state = 'yes' AND matures_at <= {as_of:DateTime64(3, 'UTC')}) AS yes,
    count() - matured AS open
