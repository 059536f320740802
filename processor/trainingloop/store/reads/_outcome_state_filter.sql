({state:String} = '' OR {state:String} = multiIf(
        state = 'pending' OR matures_at > {as_of:DateTime64(3, 'UTC')}, 'pending',
        toString(state)
    ))
    AND ({ending:String} = '' OR ending = {ending:String})
