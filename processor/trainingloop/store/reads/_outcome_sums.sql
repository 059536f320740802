countIf(matured > 0) AS clusters,
    sum(if({unit:String} = 'turn', matured, matured > 0)) AS units,
    sum(if({unit:String} = 'turn', yes, yes > 0)) AS total,
    sum(if({unit:String} = 'turn', yes * yes, yes > 0)) AS sum_y2,
    sum(if({unit:String} = 'turn', matured * matured, matured > 0)) AS sum_m2,
    sum(if({unit:String} = 'turn', yes * matured, yes > 0)) AS sum_ym,
    sum(if({unit:String} = 'turn', open, matured = 0 AND open > 0)) AS pending
