countIf(m > 0) AS clusters,
    sum(m) AS units,
    sum(y) AS total,
    sum(y * y) AS sum_y2,
    sum(m * m) AS sum_m2,
    sum(y * m) AS sum_ym
