"""Sentences of recipes, job graphs, filings and audit checkpoints. ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "parameter_unknown": (
        "“{name}” is not a setting of {where}. It knows: {known}.",
        "{where} 没有名为“{name}”的参数，可用参数：{known}。",
    ),
    "parameter_type": (
        "The setting “{name}” expects a value of type {type}, not {value}.",
        "参数“{name}”应为 {type} 类型，而不是 {value}。",
    ),
    "parameter_bounds": (
        "The setting “{name}” must lie between {minimum} and {maximum} {unit}; {value} was given.",
        "参数“{name}”须在 {minimum} 与 {maximum} {unit} 之间，给出的是 {value}。",
    ),
    "parameter_choice": (
        "The setting “{name}” must be one of {choices}; {value} was given.",
        "参数“{name}”须为 {choices} 之一，给出的是 {value}。",
    ),
    "parameter_missing": (
        "The step {node} was not given all its settings ({reason}). Submit the job again.",
        "步骤 {node} 缺少参数（{reason}）。请重新提交作业。",
    ),
    "seed_invalid": (
        "The seed must be a whole number from 0 to {maximum}; {value} was given.",
        "随机种子须为 0 到 {maximum} 的整数，给出的是 {value}。",
    ),
    "version_invalid": (
        "“{value}” is not a version or version range.",
        "“{value}”不是有效的版本或版本范围。",
    ),
    "recipe_malformed": (
        "The recipe {name} cannot be used: {reason}.",
        "工序模板 {name} 无法使用：{reason}。",
    ),
    "graph_malformed": (
        "The recorded job graph cannot be read ({reason}). Fetch the records file again.",
        "无法读取记录的作业图（{reason}）。请重新获取记录文件。",
    ),
    "input_missing": (
        "The input “{name}” is missing. Give one and try again.",
        "缺少输入“{name}”。请补充后重试。",
    ),
    "input_unknown": (
        "“{name}” is not an input of this step. Remove it and try again.",
        "此步骤没有名为“{name}”的输入。请移除后重试。",
    ),
    "input_changed": (
        "An input of the step {node} changed after it was registered ({reason}). Register it again.",
        "步骤 {node} 的输入在登记后发生了变化（{reason}）。请重新登记。",
    ),
    "capability_unavailable": (
        "No filed capability named {name} in version {versions} is available on this bridge. Ask your pipeline TD.",
        "此服务没有可用的已备案能力单元 {name}（版本 {versions}）。请联系流程技术人员。",
    ),
    "capability_code_absent": (
        "The capability {name} is incomplete: {file} is missing. Install the product again.",
        "能力单元 {name} 不完整：缺少 {file}。请重新安装。",
    ),
    "capability_not_filed": (
        "The step {node} uses a capability that is not filed here, so nothing was run. Ask your pipeline TD to file it.",
        "步骤 {node} 使用的能力单元尚未备案，未运行。请联系流程技术人员备案。",
    ),
    "capability_suspended": (
        "The capability of the step {node} is suspended, so nothing was run. Ask your pipeline TD.",
        "步骤 {node} 的能力单元已暂停，未运行。请联系流程技术人员。",
    ),
    "capability_revoked": (
        "The capability of the step {node} is revoked, so nothing was run. Ask your pipeline TD.",
        "步骤 {node} 的能力单元已撤销，未运行。请联系流程技术人员。",
    ),
    "capability_changed": (
        "The capability of the step {node} is not the one that was filed, so nothing was run. Restart the bridge or ask your pipeline TD.",
        "步骤 {node} 的能力单元与备案内容不一致，未运行。请重启服务或联系流程技术人员。",
    ),
    "filing_signature_invalid": (
        "The filing of the step {node} does not hold, so nothing was run. Ask your pipeline TD.",
        "步骤 {node} 的备案记录无法核验，未运行。请联系流程技术人员。",
    ),
    "filing_untrusted": (
        "The capability of the step {node} was filed by a party this station does not trust, so nothing was run.",
        "步骤 {node} 的备案方不受本工作站信任，未运行。",
    ),
    "filing_malformed": (
        "The filing record {name} cannot be read. Restore it from your backup.",
        "无法读取备案记录 {name}。请从备份恢复。",
    ),
    "capability_failed": (
        "The step {name} stopped unexpectedly ({reason}). Try another picture or send this message to your pipeline TD.",
        "步骤 {name} 意外停止（{reason}）。请换一张图片，或把此消息发给流程技术人员。",
    ),
    "memory_exhausted": (
        "There was not enough memory for the step {name}. Close other programs or lower the detail.",
        "内存不足，无法完成步骤 {name}。请关闭其他程序或降低精度。",
    ),
    "output_astray": (
        "The step {capability} wrote {name} outside its folder; it was not used.",
        "步骤 {capability} 把 {name} 写到了指定文件夹之外，未予采用。",
    ),
    "output_undeclared": (
        "The step {capability} made {name}, which its specification does not name; nothing was used.",
        "步骤 {capability} 产生了规格书未声明的 {name}，未予采用。",
    ),
    "output_missing": (
        "The step {capability} did not make {name}. Send this message to your pipeline TD.",
        "步骤 {capability} 没有产生 {name}。请把此消息发给流程技术人员。",
    ),
    "quality_failed": (
        "The result did not pass its quality checks, so it was not sealed: {reason}. Try a clearer picture.",
        "结果未通过质量检查，因此没有封存：{reason}。请换一张更清晰的图片。",
    ),
    "human_act_unknown": (
        "“{value}” is not something a person can record here. Known: {known}.",
        "“{value}”不是可记录的人工操作，可用：{known}。",
    ),
    "note_too_long": (
        "The note is longer than {limit} characters. Shorten it.",
        "备注超过 {limit} 个字符。请缩短。",
    ),
}
