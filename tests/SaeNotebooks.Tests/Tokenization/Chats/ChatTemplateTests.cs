using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Tests.Tokenization.Chats;

/// <summary>Expectations are what the published templates give; read off from <c>chat_template</c> by hand.</summary>
public class ChatTemplateTests
{
    private static readonly Chat Greeting = new Chat().User(" Hi \n").Assistant("Hello!").User("Bye");

    [Fact]
    public void GemmaWritesTurnsOfUserAndModel()
    {
        const string turns = "<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello!<end_of_turn>\n<start_of_turn>user\nBye<end_of_turn>\n";
        Assert.Equal(turns + "<start_of_turn>model\n", new GemmaTemplate().Render(Greeting));
        Assert.Equal(turns, new GemmaTemplate().Render(Greeting, addGenerationPrompt: false));
        Assert.Equal(turns, new Gemma3Template().Render(Greeting, addGenerationPrompt: false));
    }

    [Fact]
    public void Gemma3PutsInstructionsBeforeTheFirstMessage() =>
        Assert.Equal("<bos><start_of_turn>user\nBe brief. \n\nHi<end_of_turn>\n<start_of_turn>model\n",
            new Gemma3Template().Render(new Chat().System("Be brief. ").User(" Hi")));

    [Fact]
    public void Llama3WritesHeaders() =>
        Assert.Equal("<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n", new Llama3Template().Render(new Chat().System("Be brief. ").User(" Hi ")));

    [Fact]
    public void Llama31BeginsWithTheDates()
    {
        const string user = "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>";
        const string system = "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: ";
        Assert.Equal($"{system}26 Jul 2024\n\n<|eot_id|>{user}", new Llama31Template().Render(new Chat().User("Hi"), addGenerationPrompt: false));
        Assert.Equal($"{system}03 May 2025\n\nBe brief.<|eot_id|>{user}",
            new Llama31Template(new DateOnly(2025, 5, 3)).Render(new Chat().System(" Be brief.").User("Hi"), addGenerationPrompt: false));
    }

    public static TheoryData<ChatTemplate, Chat, string> Refused => new()
    {
        { new GemmaTemplate(), new Chat(), "no messages" },
        { new Llama31Template(), new Chat(), "no messages" },
        { new GemmaTemplate(), new Chat().System("x").User("y"), "no system role" },
        { new GemmaTemplate(), new Chat().Assistant("x"), "Turn 1 of the chat is Assistant, expected User" },
        { new GemmaTemplate(), Greeting.User("x"), "Turn 4 of the chat is User, expected Assistant" },
        { new Gemma3Template(), Greeting.Assistant("x").System("y"), "Turn 5 of the chat is System, expected User" },
        { new Gemma3Template(), new Chat().System("x"), "before the first user message" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void WhatATemplateDoesNotAllowIsRefused(ChatTemplate template, Chat chat, string problem) =>
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => template.Render(chat)).Message);

    [Fact]
    public void AChatBecomesIds()
    {
        var tokenizer = new PipelineTokenizer(LlamaLikeSamples.TiktokenParts());
        var ids = new Llama3Template().Encode(new Chat().User("ab"), tokenizer);
        Assert.Equal(tokenizer.Encode("<|start_header_id|>user<|end_header_id|>\n\nab<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n", bos: true), ids);
        Assert.Equal(new Llama3Template().Render(new Chat().User("ab")), tokenizer.Decode(ids));
        Assert.Equal(tokenizer.Bos, ids[0]);
        Assert.Contains("does not read '<start_of_turn>' as one token", Assert.Throws<ArgumentException>(() => new GemmaTemplate().Encode(new Chat().User("ab"), tokenizer)).Message);
    }
}
