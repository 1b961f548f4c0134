using System.Globalization;

namespace SaeNotebooks.Tokenization.Chats;

/// <summary>Llama 3.1 (meta-llama/Llama-3.1-8B-Instruct), without tools: as <see cref="Llama3Template"/>, but there is always a system
/// message, and it begins with two dates.</summary>
/// <param name="today">the date that the model is told; by default the template's own, 26 July 2024</param>
public sealed class Llama31Template(DateOnly? today = null) : Llama3Template
{
    private readonly string _dates = string.Create(CultureInfo.InvariantCulture,
        $"Cutting Knowledge Date: December 2023\nToday Date: {today ?? new DateOnly(2024, 7, 26):dd MMM yyyy}\n\n");

    /// <inheritdoc/>
    protected override string Write(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        var isSystemFirst = messages[0].Role == ChatRole.System;
        var system = isSystemFirst ? messages[0].Text.Trim() : "";
        var others = isSystemFirst ? messages.Skip(1) : messages;
        // The dates end in an empty line, which stays where no instructions follow.
        return $"<|start_header_id|>system<|end_header_id|>\n\n{_dates}{system}<|eot_id|>" + base.Write([.. others], addGenerationPrompt);
    }
}
